/** Runs `draw` once in the next animation frame, however often it is asked to. */
export function perFrame(draw: () => void): () => void {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      draw();
    });
  };
}

/** Runs `work` after a pause in which nobody asked again, never twice at once. */
export function debounced(work: () => Promise<void>, ms: number): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running = false;
  let again = false;
  const run = async (): Promise<void> => {
    if (running) {
      again = true;
      return;
    }
    running = true;
    try {
      await work();
    } finally {
      running = false;
      if (again) {
        again = false;
        ask();
      }
    }
  };
  const ask = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      void run();
    }, ms);
  };
  return ask;
}
