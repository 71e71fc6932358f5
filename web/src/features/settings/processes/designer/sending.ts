/** Saving one thing that goes on changing: one save at a time, each with what is newest when it begins. */

/**
 * Gives a function that saves until nothing is pending and says whether that went well. It may be called at any time and
 * by several at once; `save` never runs twice at the same time, so that no save finds its own predecessor in the way.
 */
export function oneByOne(pending: () => boolean, save: () => Promise<boolean>): () => Promise<boolean> {
  let running: Promise<boolean> | null = null
  const settle = async (): Promise<boolean> => {
    // Whoever waited looks again: another who waited too may have begun the next save.
    while (running) await running
    if (!pending()) return true
    running = save().finally(() => {
      running = null
    })
    const fine = await running
    return fine && pending() ? settle() : fine
  }
  return settle
}
