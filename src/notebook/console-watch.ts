const names = ['log', 'info', 'debug', 'warn', 'error'] as const;

/** Finds out whether a console that a cell put in place of Node's still prints what it is given. */
export class ConsoleWatch {
  private readonly console = globalThis.console;
  private readonly methods = names.map(
    (name) => [name, Reflect.get(this.console, name) as Console['log']] as const,
  );

  /** The methods that lose text, by name; the console is then Node's own again. `printed` returns what a call prints. */
  restore(printed: (call: () => void) => string): string[] {
    const lost = this.methods.filter(([name, method]) => {
      const current = this.current(name);
      return current !== method && !printed(() => this.tryOut(current)).includes(probe);
    });
    if (lost.length > 0) {
      globalThis.console = this.console;
      for (const [name, method] of this.methods) this.console[name] = method;
    }
    return lost.map(([name]) => `console.${name}`);
  }

  private current(name: (typeof names)[number]): unknown {
    return (globalThis.console as Partial<Console> | undefined)?.[name];
  }

  private tryOut(method: unknown): void {
    try {
      if (typeof method === 'function') method.call(globalThis.console, probe);
    } catch {
      // What throws instead of printing loses its text.
    }
  }
}

const probe = 'gradbook asks whether this console prints';
