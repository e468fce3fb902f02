/** The only style of a report and of the page of all runs: light and dark as the reader has it, and on paper. */
export const pageStyle = `
:root{color-scheme:light dark;--ground:#fff;--raised:#f5f6f8;--text:#1b1f24;--quiet:#555d68;--line:#d9dde3;--accent:#005a9c;--warn:#8a4b00}
@media (prefers-color-scheme:dark){:root{--ground:#14171b;--raised:#1d2127;--text:#e6e9ed;--quiet:#a5aeba;--line:#343a43;--accent:#7cc0f5;--warn:#f0b060}}
*{box-sizing:border-box}
html{font:16px/1.55 system-ui,sans-serif;background:var(--ground);color:var(--text)}
body{margin:0}
main,body>header,body>footer{max-width:76rem;margin:0 auto;padding:0 1.25rem}
body>header{padding-top:1.5rem}
h1{font-size:1.75rem;line-height:1.2;margin:.5rem 0;overflow-wrap:anywhere}
h2{font-size:1.25rem;margin:2.75rem 0 .75rem}
h3{font-size:1rem;margin:0 0 .25rem}
p{margin:.5rem 0;max-width:46rem}
a{color:var(--accent)}
.quiet{color:var(--quiet)}
.state{display:inline-block;border:1px solid currentColor;border-radius:1rem;padding:0 .7rem;font-size:.875rem}
.running{color:var(--accent)}
.ended{color:var(--warn)}
.short{padding-left:1.2rem;max-width:48rem}
.film{display:grid;grid-template-columns:minmax(0,1fr);gap:.75rem;max-width:40rem}
.film img,.picture img{display:block;width:100%;height:auto;background:#000;border-radius:4px;image-rendering:pixelated}
.film .frame[hidden]{display:none}
img.soft{image-rendering:auto!important}
.top{display:grid;gap:0 3rem}
.top>*{min-width:0}
@media (min-width:64rem){.top{grid-template-columns:minmax(0,1fr) minmax(0,36rem)}}
.controls{display:flex;gap:.75rem;align-items:center;flex-wrap:wrap}
.controls input{flex:1 1 12rem;min-width:0;accent-color:var(--accent);height:1.75rem}
button{font:inherit;color:inherit;background:var(--raised);border:1px solid var(--quiet);border-radius:4px;padding:.2rem .9rem;min-width:5rem;min-height:2rem;cursor:pointer}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
output{font-variant-numeric:tabular-nums}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,24rem),1fr));gap:1.25rem}
figure{margin:0;background:var(--raised);border-radius:6px;padding:1rem;min-width:0}
figure svg{display:block;width:100%;height:auto}
figcaption{font-size:.875rem;color:var(--quiet)}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:.15rem 1.1rem;padding:0;margin:.4rem 0;font-size:.875rem}
.legend svg{display:inline-block;width:1.6rem;height:.7rem;vertical-align:-.05rem;margin-right:.35rem}
.finding{border-left:4px solid var(--warn);padding:.1rem 0 .1rem 1rem;margin:1rem 0}
.happening{border-left:4px solid var(--line);padding:.1rem 0 .1rem 1rem;margin:1rem 0}
code,pre{font:.875rem/1.5 ui-monospace,monospace}
pre{background:var(--raised);border-radius:4px;padding:.6rem .8rem;overflow-x:auto;margin:.35rem 0}
table{border-collapse:collapse;font-size:.9375rem}
.wide{overflow-x:auto}
th,td{text-align:left;vertical-align:top;padding:.3rem 1rem .3rem 0;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
th{font-weight:600;white-space:nowrap}
@media (max-width:40rem){th{white-space:normal}}
.numbers td,.numbers thead th:not(:first-child){text-align:right;font-variant-numeric:tabular-nums}
summary{cursor:pointer;font-size:.875rem;color:var(--accent);margin-top:.5rem;min-height:1.6rem}
.pictures{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,20rem),1fr));gap:1.25rem}
.runs{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,22rem),1fr));gap:1.25rem;list-style:none;padding:0}
.runs>li{background:var(--raised);border-radius:6px;padding:1rem;min-width:0}
.runs img{display:block;width:100%;height:auto;background:#000;border-radius:4px;image-rendering:pixelated;max-height:22rem;object-fit:contain}
.runs h2{margin:0 0 .25rem;font-size:1.0625rem;overflow-wrap:anywhere}
.runs figure{padding:.5rem 0 0}
body>footer{padding-top:2rem;padding-bottom:3rem;font-size:.875rem;color:var(--quiet)}
@media print{
:root{--ground:#fff;--raised:#fff;--text:#000;--quiet:#333;--line:#bbb;--accent:#000;--warn:#000;color-scheme:light}
html{font-size:11px}
main,body>header,body>footer{max-width:none;padding:0}
.controls,button,summary{display:none}
.film{grid-template-columns:repeat(3,1fr);max-width:none}
.top{display:block}
.film .frame,.film .frame[hidden]{display:none}
.film .key,.film .key[hidden]{display:block}
figure,.finding,.happening,tr,.frame{break-inside:avoid}
h2{break-after:avoid}
.charts{grid-template-columns:1fr 1fr;gap:.5rem}
figure{padding:.25rem 0}
pre{white-space:pre-wrap}
}
@media screen{.film .frame>p{display:none}}
`;
