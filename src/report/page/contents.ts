/** Marks in the table of contents the section that is being read. */
export function followScroll(): void {
  const links = new Map(
    [...document.querySelectorAll<HTMLAnchorElement>('.toc a')].map((link) => [link.hash.slice(1), link]),
  );
  const headings = [...links.keys()].flatMap((id) => document.getElementById(id) ?? []);
  let current: HTMLAnchorElement | undefined;
  let asked = false;
  const update = () => {
    asked = false;
    const line = innerHeight / 4;
    const above = headings.filter((heading) => heading.getBoundingClientRect().top <= line);
    const atEnd = scrollY + innerHeight >= document.documentElement.scrollHeight - 2;
    const id = (atEnd ? headings : above).at(-1)?.id;
    const link = id === undefined ? undefined : links.get(id);
    if (link === current) return;
    current?.removeAttribute('aria-current');
    link?.setAttribute('aria-current', 'true');
    current = link;
    if (link !== undefined) keepVisible(link);
  };
  const ask = () => {
    if (!asked) requestAnimationFrame(update);
    asked = true;
  };
  addEventListener('scroll', ask, { passive: true });
  addEventListener('resize', ask);
  update();
}

/** Scrolls a long table of contents, never the page. */
function keepVisible(link: HTMLAnchorElement): void {
  const list = link.closest<HTMLElement>('.toc');
  if (list === null || list.scrollHeight <= list.clientHeight) return;
  const [box, inner] = [list.getBoundingClientRect(), link.getBoundingClientRect()];
  if (inner.top < box.top) list.scrollTop -= box.top - inner.top + 20;
  if (inner.bottom > box.bottom) list.scrollTop += inner.bottom - box.bottom + 20;
}
