export const badAnswers = {};
