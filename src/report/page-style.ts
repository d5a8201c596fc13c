import { darkRules } from '../figures/theme.js';
import { families } from './page-fonts.js';

/** The style sheet of the page: one column of text that a journal could print, a table of contents beside it on wide screens. */
export function pageStyle(): string {
  return `${colours}${type}${layout}${blocks}${live}${print}${darkRules()}`;
}

const colours = `
:root{color-scheme:light dark;--paper:#fff;--ink:#1b1e22;--muted:#5a626c;--rule:#c9ced4;--faint:#f4f5f7;--link:#0b5a94;--mark:#8fb4cf;--plane-0:#f7ece4;--plane-1:#cfe2f0;--curve:#0072b2;--pale:#b9c4d0;--good:#00694d;--bad:#a33a00}
@media screen and (prefers-color-scheme:dark){
:root{--paper:#14171b;--ink:#e3e5e8;--muted:#a6aeb8;--rule:#3d444d;--faint:#1c2026;--link:#7dbbe8;--mark:#3f6784;--plane-0:#2c2019;--plane-1:#1d3a52;--curve:#56a9e0;--pale:#56616e;--good:#35bd97;--bad:#f08d4f}}
`;

const type = `
*{box-sizing:border-box}
html{font-size:17.5px;-webkit-text-size-adjust:100%;scroll-padding-top:1rem}
body{margin:0;background:var(--paper);color:var(--ink);font-family:"${families.serif}","${families.sans}",serif;line-height:1.52;
font-feature-settings:"kern","liga";text-rendering:optimizeLegibility;overflow-wrap:break-word}
h1,h2,h3,h4{line-height:1.25;font-weight:700;text-wrap:balance;margin:0}
h1{font-size:1.95rem;letter-spacing:-.005em}
h2{font-size:1.36rem;margin:2.6rem 0 .8rem}
h3{font-size:1.1rem;margin:1.9rem 0 .5rem}
h4{font-size:1rem;font-style:italic;font-weight:400;margin:1.4rem 0 .4rem}
h2 .number,h3 .number{display:inline-block;min-width:1.7em;font-weight:400}
p{margin:0 0 .85em;hanging-punctuation:first}
main p{text-align:justify;hyphens:auto}
a{color:var(--link);text-decoration:none}main p a,main li a,main td a,.abstract a,footer a{text-decoration:underline;text-decoration-color:var(--mark);text-decoration-thickness:1px;text-underline-offset:.2em}
a:hover{text-decoration:underline;text-decoration-color:currentColor}
:focus-visible{outline:2px solid var(--link);outline-offset:2px;border-radius:2px}
code,pre{font-family:"${families.mono}",monospace;font-size:.84em}
code{font-size:.86em}
sup{line-height:0}
.katex{font-size:1.04em}
.claim{text-decoration:underline dotted var(--mark);text-decoration-thickness:1px;text-underline-offset:.22em;font-feature-settings:"lnum"}
`;

const layout = `
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:1rem;background:var(--paper);padding:.3rem .6rem;z-index:2}
.page{max-width:40rem;margin:0 auto;padding:3.2rem 1.25rem 4rem}
.title{text-align:center;border-bottom:1px solid var(--rule);padding-bottom:1.6rem;margin-bottom:1.8rem}
.title .subtitle{font-size:1.12rem;font-style:italic;margin:.5rem 0 0;text-wrap:balance}
.title .byline{margin:1.1rem 0 0}
.title .date{margin:.15rem 0 0;color:var(--muted);font-size:.9rem}
.abstract{margin:1.7rem auto 0;max-width:34rem;text-align:left;font-size:.94rem}
.abstract h2{font-size:.94rem;margin:0 0 .3rem;text-align:center}
.abstract p{text-align:justify;hyphens:auto;margin-bottom:.5em}
.toc{font-family:"${families.sans}",sans-serif;font-size:.78rem;line-height:1.4}
.toc h2{font-size:.78rem;margin:0 0 .5rem;font-weight:600}
.toc ol{list-style:none;margin:0;padding:0}
.toc ol ol{padding-left:1.1em}
.toc li{margin:.32em 0}
.toc a{color:var(--muted);display:block}
.toc a:hover,.toc a[aria-current]{color:var(--ink)}
.toc a[aria-current]{font-weight:600}
@media (max-width:75.99rem){.toc{border-bottom:1px solid var(--rule);padding-bottom:1.4rem;margin-bottom:1rem}.toc ol ol{display:none}
.toc>ol{columns:2;column-gap:2rem}}
@media (max-width:30rem){html{font-size:16.5px}.toc>ol{columns:1}main p,.abstract p{text-align:left;hyphens:manual}h1{font-size:1.6rem}.page{padding-top:1.8rem}}
@media (min-width:76rem){.page{max-width:62rem;display:grid;grid-template-columns:14rem minmax(0,40rem);column-gap:4rem;grid-template-areas:"nav head" "nav main" "nav foot";margin-left:max(1rem,calc(50vw - 38rem))}
.page>.title{grid-area:head}.page>main{grid-area:main}.page>footer{grid-area:foot}
.toc{grid-area:nav;position:sticky;top:2.5rem;align-self:start;max-height:calc(100vh - 4rem);overflow-y:auto;padding-top:.4rem}}
footer{font-family:"${families.sans}",sans-serif;font-size:.76rem;color:var(--muted);border-top:1px solid var(--rule);margin-top:3rem;padding-top:.9rem}
`;

const blocks = `
ul,ol{margin:0 0 .85em;padding-left:1.5em}li{margin:.2em 0}
blockquote{margin:0 0 .85em;padding-left:1em;border-left:3px solid var(--rule);color:var(--muted)}
hr{border:0;border-top:1px solid var(--rule);margin:2rem 0}
figure{margin:1.7rem 0 1.9rem}
figcaption{font-family:"${families.sans}",sans-serif;font-size:.8rem;line-height:1.45}
figcaption .label{font-weight:600}
figcaption .source,figcaption .source a{color:var(--muted)}
figcaption .source a{text-decoration:underline;text-decoration-color:var(--rule);text-underline-offset:.18em}
.plot{overflow-x:auto;text-align:center;margin-bottom:.55rem}
.plot svg{display:block;margin:0 auto;max-width:100%;height:auto}
@media (max-width:44rem){.plot svg{min-width:min(var(--width)*.8,34rem)}}
@media screen and (min-width:76rem){figure.wide,figure:has(table.broad){margin-right:-12rem}}
@media screen and (min-width:44rem) and (max-width:75.99rem){figure:has(table.broad){margin-inline:max(-7rem,(40rem - 100vw)/2)}}
.table figcaption,.listing figcaption{margin-bottom:.5rem}
.scroll,.formula{overflow-x:auto;overflow-y:hidden}
table{border-collapse:collapse;margin:0 auto .3rem;font-family:"${families.sans}",sans-serif;font-size:.8rem;line-height:1.4;border-top:1.5px solid var(--ink);border-bottom:1.5px solid var(--ink);font-variant-numeric:tabular-nums}
@media screen and (max-width:44rem){table.broad:has(.long~.long){min-width:44rem}}table.broad .long{min-width:13em}
main>.scroll{margin:1.2rem 0 1.4rem}
th{font-weight:600;text-align:left;border-bottom:1px solid var(--ink);vertical-align:bottom}
th,td{padding:.3em .75em}@media (max-width:30rem){th,td{padding:.3em .5em}}
@media (max-width:44rem){tr:not(.on)>td:first-child:is(.phrase,.long){min-width:10em}}tr:not(.on)>:first-child{padding-left:.2em}th:last-child,td:last-child{padding-right:.2em}
td{vertical-align:top}
.word{white-space:nowrap}.right{text-align:right}.center{text-align:center}
.equation{display:flex;align-items:center;margin:1em 0 1.1em}
.equation .formula{flex:1;min-width:0}
.equation .katex-display{margin:0;padding:.15em 0}
.equation .number{flex:none;padding-left:1em}
.derivation{display:flex;align-items:flex-start;margin:1em 0 1.1em}.derivation>div{flex:1;min-width:0}.derivation>.number{flex:none;padding-left:1em}
.derivation .equation{margin:.35em 0}.derivation p{margin-bottom:.3em}.derivation .equation~p{font-size:.9em}
@media (max-width:30rem){.equation .katex{font-size:.92em}.derivation:has(>div>p:first-child){position:relative}
.derivation>div>p:first-child{padding-right:2em}.derivation>div>p:first-child~.equation .katex{font-size:.84em}.derivation:has(>div>p:first-child)>.number{position:absolute;right:0}}
.code{background:var(--faint);border-radius:4px;margin:0 0 1em}
.code pre{margin:0;padding:.8em 1em;overflow-x:auto;font-size:.74rem;line-height:1.5}
.code pre code{font-size:inherit}
.code span{color:var(--shiki-light)}
@media screen and (prefers-color-scheme:dark){.code span{color:var(--shiki-dark)}}
.references{padding-left:2.2em;font-size:.9rem}
.references li::marker{content:"[" counter(list-item) "]  "}
@media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
`;

const live = `
.rerun,.explorer{font-family:"${families.sans}",sans-serif;font-size:.8rem;line-height:1.45;margin-top:.8rem;padding:.7rem .85rem;border:1px solid var(--rule);border-radius:5px}
.explorer{margin:0 0 2rem}main .explorer p{text-align:left;hyphens:manual;margin:0 0 .7rem}
figure{position:relative}
.tip{position:absolute;z-index:1;pointer-events:none;background:var(--paper);border:1px solid var(--rule);border-radius:4px;box-shadow:0 2px 8px #0003;padding:.2rem .35rem}
.tip table{margin:0;border:0;font-size:.7rem}.tip th,.tip td{padding:.1em .45em;border:0;white-space:nowrap;text-align:right}.tip th:first-child{text-align:left;font-weight:400}
.tip thead th{font-weight:600}.cross{stroke:var(--muted);stroke-width:1;stroke-dasharray:3 3;pointer-events:none}
[hidden]{display:none!important}
button,select{font:inherit;color:var(--ink);background:var(--faint);border:1px solid var(--rule);border-radius:4px;padding:.25em .7em;max-width:100%}
button:hover{border-color:var(--muted)}
.frame-buttons{font-family:"${families.sans}",sans-serif;font-size:.8rem}
.lines{display:flex;flex-wrap:wrap;gap:.3rem .5rem;justify-content:center;margin:0 0 .6rem;font-family:"${families.sans}",sans-serif;font-size:.72rem}
.lines button{display:flex;align-items:center;gap:.45em;padding:.15em .6em}.lines [aria-pressed=false]{color:var(--muted);text-decoration:line-through;background:none}
.lines [aria-pressed=false] svg{opacity:.3}@media screen{.plot .off{visibility:hidden}}
.controls{display:flex;flex-wrap:wrap;gap:.5rem .8rem;align-items:center}
.controls progress{flex:1;min-width:6rem;accent-color:var(--curve)}
.charts{display:flex;flex-wrap:wrap;gap:.8rem;margin-top:.6rem}.charts>*{flex:1 1 15rem;min-width:0;max-width:100%;height:auto}
.charts canvas{flex:0 1 15rem;aspect-ratio:1;border:1px solid var(--rule);align-self:flex-start}.charts:empty{display:none}
.chart text{font-size:11px;fill:var(--muted)}.chart .name{fill:var(--ink);font-weight:600}
.chart .grid{stroke:var(--rule);stroke-width:.6}.chart path{fill:none;stroke-linejoin:round}
.chart .published{stroke:var(--pale);stroke-width:6}.chart .fresh{stroke:var(--curve);stroke-width:1.8}.chart .head{fill:var(--curve)}
.verdict{margin:.5rem 0 0;min-height:1.4em}main .rerun .verdict,main .explorer .verdict{text-align:left;margin:.5rem 0 0}
.verdict[data-outcome=identical]{color:var(--good);font-weight:600}.verdict[data-outcome=different]{color:var(--bad);font-weight:600}
.sliders{display:grid;grid-template-columns:repeat(auto-fill,minmax(9.5rem,1fr));gap:.5rem 1.1rem;align-items:end}
.sliders label{display:block}.sliders label>span:first-child{display:block}.sliders input,.sliders select{width:100%;margin:0;accent-color:var(--curve)}
.sliders .value{color:var(--muted);font-variant-numeric:tabular-nums}
.code{position:relative}.copy{position:absolute;top:.35rem;right:.35rem;font-family:"${families.sans}",sans-serif;font-size:.68rem;padding:.15em .55em;opacity:0}
.code:hover .copy,.copy:focus-visible{opacity:1}@media (hover:none){.copy{opacity:1}}
`;

const print = `
@media print{html{font-size:10.5pt}.page{max-width:none;padding:0;display:block;margin:0}.toc,.skip,.rerun,.explorer,.copy,.tip,.lines,.frame-buttons{display:none!important}a{color:inherit}
figure,.equation,table,tr,pre{break-inside:avoid}figure:has(tr:nth-child(20)),figure:has(tr:nth-child(20)) table{break-inside:auto}.table figcaption{break-after:avoid}h2,h3,h4{break-after:avoid}p{orphans:3;widows:3}.plot,.scroll,.formula{overflow:visible}
.code{border:1px solid var(--rule)}.code pre{white-space:pre-wrap}.claim{text-decoration:none}@page{margin:22mm 24mm}}
`;
