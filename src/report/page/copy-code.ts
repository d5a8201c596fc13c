import { element } from './elements.js';

/** Puts a button on every block of code that copies it. */
export function addCopyButtons(): void {
  for (const block of document.querySelectorAll<HTMLElement>('.code')) {
    const button = element('button', { type: 'button', class: 'copy' }, 'Copy');
    button.addEventListener('click', () => {
      void copy(block.querySelector('pre')!.textContent).then(
        () => say(button, 'Copied'),
        () => say(button, 'Not copied'),
      );
    });
    block.append(button);
  }
}

async function copy(text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
}

function say(button: HTMLButtonElement, text: string): void {
  button.textContent = text;
  setTimeout(() => (button.textContent = 'Copy'), 1500);
}
