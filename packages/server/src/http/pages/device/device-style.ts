export const deviceStyle = `:root {
  color-scheme: light dark;
  font-family: system-ui, sans-serif;
  line-height: 1.5;
  --line: light-dark(#6b7280, #9ca3af);
  --dim: light-dark(#4b5563, #cbd5e1);
}
body { background: light-dark(#ffffff, #111827); color: light-dark(#111827, #f9fafb); display: grid; min-height: 100vh; margin: 0; place-items: center; }
main { box-sizing: border-box; width: 100%; max-width: 34rem; padding: 2rem; }
h1 { margin-top: 0; font-size: 1.375rem; }
h2 { font-size: 1.125rem; }
h2:focus, #outcome:focus { outline: none; }
[hidden] { display: none; }
label { display: block; margin-top: 1rem; font-weight: 600; }
input { box-sizing: border-box; width: 100%; padding: 0.5rem; border: 1px solid var(--line); border-radius: 0.375rem; font: inherit; }
#code { font-family: ui-monospace, monospace; text-transform: uppercase; letter-spacing: 0.1em; }
.help { margin: 0.25rem 0 0; color: var(--dim); font-size: 0.9rem; }
button { margin-top: 1rem; padding: 0.5rem 1.25rem; border: 1px solid transparent; border-radius: 0.375rem; background: #1d4ed8; color: #fff; font: inherit; font-weight: 600; cursor: pointer; }
button.second { border-color: var(--line); background: transparent; color: inherit; }
button:disabled { cursor: wait; opacity: 0.7; }
input:focus-visible, button:focus-visible { outline: 3px solid #2563eb; outline-offset: 2px; }
.buttons { display: flex; gap: 0.75rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.375rem 1rem; margin: 0 0 1rem; }
dt { color: var(--dim); }
dd { margin: 0; overflow-wrap: anywhere; }
#shown-code { font-family: ui-monospace, monospace; font-weight: 700; letter-spacing: 0.1em; }
ul { display: flex; flex-wrap: wrap; gap: 0.25rem 0.5rem; margin: 0; padding: 0; list-style: none; }
li { padding: 0 0.5rem; border: 1px solid var(--line); border-radius: 1rem; font-size: 0.85rem; }
.warning { padding: 0.75rem; border-left: 4px solid #d97706; background: light-dark(#fef3c7, #451a03); }
#problem:not(:empty) { padding: 0.75rem; border-left: 4px solid #dc2626; background: light-dark(#fee2e2, #450a0a); }
#outcome:not(:empty) { padding: 0.75rem; border-left: 4px solid #16a34a; background: light-dark(#dcfce7, #052e16); }
`;
