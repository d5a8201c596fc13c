import { readdirSync, readFileSync } from 'node:fs';

import { expect } from 'chai';

import { dangerIn } from '../../src/report/safe-svg.js';

describe('pictures from notebooks', () => {
  for (const [what, svg] of [
    ['a script', '<svg><script>alert(1)</script></svg>'],
    ['a script in capitals', '<svg><SCRIPT>alert(1)</SCRIPT></svg>'],
    [
      'a script that removing a style would put together',
      '<svg><scr<style></style>ipt>1</scr<style></style>ipt></svg>',
    ],
    ['a script in a style', '<svg><style><script>1</script></style></svg>'],
    ['HTML', '<svg><foreignObject><p onclick="x">1</p></foreignObject></svg>'],
    ['a paragraph that ends the picture', '<svg><p><img src="x" onerror="alert(1)"></p></svg>'],
    ['an event handler', '<svg onload="alert(1)"></svg>'],
    ['an event handler after a slash', '<svg/onload=alert(1)></svg>'],
    ['an event handler without a space before it', '<svg width="1"onload="alert(1)"></svg>'],
    ['an event handler without quotes', '<svg><rect onclick=alert(1) /></svg>'],
    ['an animation of a link', '<svg><set attributeName="href" to="javascript:alert(1)"/></svg>'],
    ['a link', '<svg><a href="https://example.org"><text>1</text></a></svg>'],
    ['a reference to another file', '<svg><use href="other.svg#a"/></svg>'],
    ['a reference in disguise', '<svg><use xlink:href="&#106;avascript:alert(1)"/></svg>'],
    ['a picture from elsewhere', '<svg><image href="https://example.org/a.png"/></svg>'],
    ['a page that it carries itself', '<svg><image href="data:text/html;base64,PHNjcmlwdD4="/></svg>'],
    ['a picture within that is no pixels', '<svg><image href="data:image/svg+xml;base64,PHN2Zz4="/></svg>'],
    ['a fill from elsewhere', '<svg><rect fill="url(https://example.org/a#b)"/></svg>'],
    ['a fill in disguise', '<svg><rect style="fill:&#117;rl(https://example.org)"/></svg>'],
    ['a fill in disguise by a name of HTML', '<svg><rect style="fill:url&lpar;https://example.org)"/></svg>'],
    ['a style sheet in disguise', '<svg><style>rect{fill:u&#114;l(https://example.org)}</style></svg>'],
    ['an import in disguise', '<svg><style>&#x40;import "https://example.org/a.css";</style></svg>'],
    ['an escape in a style', '<svg><style>rect{fill:\\75rl(https://example.org)}</style></svg>'],
    ['an import', '<svg><style>@import "https://example.org/a.css";</style></svg>'],
    ['a comment', '<svg><!-- <script> --></svg>'],
    ['a document type with an entity', '<!DOCTYPE svg [<!ENTITY x "y">]><svg>&x;</svg>'],
    ['a tag that does not end', '<svg><rect width="1'],
  ] as const) {
    it(`are refused with ${what}`, () => expect(dangerIn(svg)).to.be.a('string'));
  }

  it('are accepted when they can only be looked at', () => {
    const good =
      '<svg xmlns="http://www.w3.org/2000/svg" width="1"><defs><clipPath id="a"><rect/></clipPath></defs>' +
      `<style>.a{fill:red}</style><g clip-path="url(#a)" class='b'><use href="#a"/><image href="data:image/png;base64,iVBORw0KGgo="/><text>1 &lt; 2</text></g></svg>`;
    expect(dangerIn(good)).to.equal(undefined);
  });

  it('that the notebooks of the project have drawn are accepted', () => {
    const names = readdirSync('reports/figures').filter((name) => name.endsWith('.svg'));
    expect(names.length).to.be.above(10);
    for (const name of names) {
      expect(dangerIn(readFileSync(`reports/figures/${name}`, 'utf8')), name).to.equal(undefined);
    }
  });
});
