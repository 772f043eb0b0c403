/** The outline of what several microphones heard. */
import type { Recording } from '../audio/recording.ts';
import { targetView, type TargetView } from '../train/outline/target.ts';
import type { View } from '../train/outline/views.ts';

/**
 * Band powers as in `targetView`, averaged over the channels: what reaches two microphones at two times cancels in
 * their sum, and not in the sum of their powers.
 */
export function channelPower(view: View, { channels }: Recording, strike: number): TargetView {
  const [first, ...others] = channels.map((samples) => targetView(view, samples, strike));
  if (others.length === 0) return first!;
  return { ...first!, power: first!.power.map((power, i) => others.reduce((sum, other) => sum + other.power[i]!, power) / channels.length) };
}
