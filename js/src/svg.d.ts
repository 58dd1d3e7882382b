/** The build puts what is in the file here. */
declare module '*.svg' {
  const text: string;
  export default text;
}
