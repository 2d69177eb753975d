// What a steered graph says of its run: the interventions in it, from the settings that the graph was made with.

/**
 * @param {Object} metadata   of a graph
 * @returns {string[]|null} the interventions, as `0/1292@9 = -2x`; null for the graph of a plain run
 */
export function interventionsOf(metadata) {
  const found = metadata?.generation_settings?.interventions;
  return Array.isArray(found) && found.every((each) => typeof each === 'string') ? found : null;
}

/** The first of them and how many more there are. @param {string[]} interventions */
export function steeringText(interventions) {
  const shown = interventions.slice(0, 2).join(', ');
  const more = interventions.length - 2;
  return `steered: ${shown}${more > 0 ? ` and ${more} more` : ''}`;
}

/** All of them, and what the run kept. @param {Object} metadata */
export function steeringTitle(metadata) {
  const { interventions, freeze_attention: freezes, constrained_layers: constrained } = metadata.generation_settings;
  return [
    'The graph of the run with these interventions:', ...interventions, freezes !== false || constrained ? 'Attention as in the plain run' : 'Attention reacts',
    Array.isArray(constrained) ? `MLP outputs of layers ${constrained[0]} to ${constrained[1] - 1} as in the plain run` : null,
  ].filter(Boolean).join('\n');
}
