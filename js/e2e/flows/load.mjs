export const loadFlows = {};
