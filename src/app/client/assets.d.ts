/** esbuild bundles the styles, and copies the drawing: its path is relative to the page. */
declare module '*.css';
declare module '*.svg' {
  const path: string;
  export default path;
}
