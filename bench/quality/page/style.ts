/** Style sheet of the page. */
export const STYLE = `
:root{color-scheme:light dark;--paper:#fbfaf7;--ink:#1d1b22;--soft:#6d6976;--line:#e2dfd8;--model:#c2410c;--sampler:#3b6fb6;--neighbours:#8a8694;--recorded:#9a96a3;--good:#17734a;--bad:#b3261e}
@media(prefers-color-scheme:dark){:root{--paper:#16151b;--ink:#eceaf1;--soft:#a19daa;--line:#33313b;--model:#ff8a4c;--sampler:#7fb0f5;--neighbours:#8f8b99;--recorded:#77737f;--good:#5fce98;--bad:#ff8b80}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
main{max-width:1060px;margin:0 auto;padding:48px 28px 80px}
h1{font-size:34px;line-height:1.15;letter-spacing:-.02em;margin:0 0 8px}
h2{font-size:21px;letter-spacing:-.01em;margin:0 0 4px}
h3{font-size:13px;font-weight:600;color:var(--soft);margin:22px 0 8px}
section{margin-top:52px}
p{margin:0 0 12px;max-width:72ch}
.lead{font-size:18px;color:var(--soft);margin-bottom:24px}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{text-align:left;padding:6px 12px 6px 0;border-bottom:1px solid var(--line);font-weight:400}
thead th{color:var(--soft);font-size:13px}
.bar{color:var(--soft);white-space:nowrap}
.met,.missed{display:inline-block;min-width:62px;padding:1px 9px;border-radius:99px;font-size:12.5px;text-align:center;border:1px solid currentColor}
.met{color:var(--good)}.missed{color:var(--bad)}
.wide{overflow-x:auto;margin:28px 0 12px}
.scores td,.scores thead tr:last-child th{text-align:right}
.scores thead th[colspan]{text-align:center}
.scores .mean>*{font-weight:650;border-bottom:0}
svg{display:block;width:100%;height:auto;overflow:visible}
svg text{fill:var(--soft);font-size:11px}
svg .name{fill:var(--ink);font-size:13px}
svg path{fill:none;stroke-width:1.6;stroke-linejoin:round;vector-effect:non-scaling-stroke}
svg .grid{stroke:var(--line);stroke-width:1}
svg .span{stroke:var(--line);stroke-width:3}
svg path.recorded{stroke:var(--recorded);stroke-width:3}
svg path.played{stroke:var(--model)}
circle.model,circle.key{fill:var(--model)}circle.sampler{fill:var(--sampler)}circle.neighbours{fill:var(--neighbours)}
circle.odd{fill:var(--paper);stroke:var(--bad);stroke-width:2}
.legend{color:var(--soft);font-size:13.5px;margin-top:44px}
section .legend{margin-top:0}
.legend i{display:inline-block;width:10px;height:10px;border-radius:9px;margin:0 6px 0 14px}
.legend i:first-child{margin-left:0}
.legend i.model{background:var(--model)}.legend i.sampler{background:var(--sampler)}.legend i.neighbours{background:var(--neighbours)}
.legend i.recorded,.legend i.played{width:18px;height:3px;vertical-align:middle}.legend i.recorded{background:var(--recorded)}.legend i.played{background:var(--model)}
.legend b{color:var(--ink)}
.notes{display:grid;grid-template-columns:repeat(9,1fr);gap:8px;margin:14px 0 4px}
figure{margin:0;min-width:0}
figcaption{font-size:12.5px;color:var(--soft);padding-bottom:3px}
.left-out figcaption{color:var(--ink);font-weight:700}
figure img{display:block;width:100%;aspect-ratio:8/7;image-rendering:auto;margin-bottom:3px;border-radius:3px}
figure .decay{margin-top:6px}
@media(max-width:760px){.notes{grid-template-columns:repeat(3,1fr)}main{padding:28px 16px}}
`;
