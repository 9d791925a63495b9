import type { SloPolicy } from '@qd/shared/slo';
import { ZIndexLayer } from 'recharts';
import { formatDecimal } from '../../../lib/format.ts';
import { zoneFill } from '../../../ui/zones.tsx';
import { usePlane } from './use-plane.ts';

export interface ZoneLayerProps {
  idPrefix: string;
  policy: SloPolicy;
  lowPercent: number;
}

const UNDER_LINES = 100;

/** The zones of the budget policy: dots, hatch, cross hatch. */
export function ZoneLayer({ idPrefix, policy, lowPercent }: ZoneLayerProps) {
  const plane = usePlane();
  if (plane === null) return null;
  const { plot, y } = plane;
  const caution = policy.cautionRatio * 100;
  const freeze = policy.freezeRatio * 100;
  const zones = [
    { name: 'caution', from: caution, to: freeze },
    { name: 'freeze', from: freeze, to: 0 },
    { name: 'overspent', from: 0, to: lowPercent },
  ] as const;
  return (
    <ZIndexLayer zIndex={UNDER_LINES}>
      <g aria-hidden="true">
        {zones.map(({ name, from, to }) => (
          <rect
            key={name}
            x={plot.x}
            width={plot.width}
            y={y(from)}
            height={Math.max(0, y(to) - y(from))}
            fill={zoneFill(idPrefix, name)}
          />
        ))}
      </g>
    </ZIndexLayer>
  );
}

const NAME_WIDTH = 110;

/** Names of the zones, where each is high enough for a line of text. */
export function ZoneNames({ policy, nowAt }: { policy: SloPolicy; nowAt: number }) {
  const plane = usePlane();
  if (plane === null) return null;
  const caution = policy.cautionRatio * 100;
  const freeze = policy.freezeRatio * 100;
  const names = [
    { from: caution, to: freeze, text: `Caution, ${formatDecimal(caution, 1)} to ${formatDecimal(freeze, 1)}%` },
    { from: freeze, to: 0, text: `Freeze, under ${formatDecimal(freeze, 1)}%` },
    { from: 0, to: Number.NEGATIVE_INFINITY, text: 'Overspent' },
  ];
  const { plot } = plane;
  const bottom = plot.y + plot.height;
  // Early in a window the line of now would run through the names.
  const nowX = plane.x(nowAt);
  const left = nowX < plot.x + NAME_WIDTH ? Math.max(plot.x, nowX) : plot.x;
  return (
    <g aria-hidden="true">
      {names.map(({ from, to, text }) => {
        const top = plane.y(from);
        const room = (to === Number.NEGATIVE_INFINITY ? bottom : plane.y(to)) - top;
        if (room < 15) return null;
        return (
          <text key={text} x={left + 8} y={top + 15} className="fill-ink-2 text-micro [font-stretch:90%]">
            {text}
          </text>
        );
      })}
    </g>
  );
}
