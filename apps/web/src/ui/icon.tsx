import { cx } from './class-names.ts';

/** Line drawings on a 16 px grid, 1.5 px stroke. */
const paths = {
  overview: 'M1.5 11h13M3 11a5 5 0 0 1 10 0M8 4V2M3.7 5.7 2.3 4.3M12.3 5.7l1.4-1.4',
  incidents: 'M3.5 14V2.5M3.5 3h9l-2.2 3 2.2 3h-9',
  slos: 'M2 2.5V14h12M4.5 4.5l3 2 2.5 1 3.5 4.5',
  status: 'M8 13.5v-5M5.2 7.6a3.6 3.6 0 1 1 5.6 0M3.3 9.4a6 6 0 1 1 9.4 0',
  backups:
    'M2.5 4.2c0-1.2 2.5-2 5.5-2s5.5.8 5.5 2-2.5 2-5.5 2-5.5-.8-5.5-2ZM2.5 4.2v7.6c0 1.2 2.5 2 5.5 2s5.5-.8 5.5-2V4.2M2.5 8c0 1.2 2.5 2 5.5 2s5.5-.8 5.5-2',
  coalescing: 'M2 3.5h2.5c2 0 2.5 4.5 5 4.5H14M2 12.5h2.5c2 0 2.5-4.5 5-4.5M2 8h7M12 6l2 2-2 2',
  users:
    'M6 7.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM1.8 13.5c.3-2.6 2-4 4.2-4s3.9 1.4 4.2 4M10.5 7.3a2.2 2.2 0 0 0 0-4.3M12 9.8c1.3.5 2.1 1.7 2.3 3.4',
  keys: 'M10.5 9.5a4 4 0 1 0-3.3-1.7L2.5 12.5V14h2.3l.2-1.5 1.5-.2.2-1.6 1-.9M11.3 4.7v.01',
  audit: 'M3 2.5h10v11H3zM5.5 5.5h5M5.5 8h5M5.5 10.5h3',
  search: 'M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10ZM10.8 10.8 14 14',
  sun: 'M8 10.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6ZM8 1.5v1.6M8 12.9v1.6M1.5 8h1.6M12.9 8h1.6M3.4 3.4l1.1 1.1M11.5 11.5l1.1 1.1M3.4 12.6l1.1-1.1M11.5 4.5l1.1-1.1',
  moon: 'M13.5 9.8A6 6 0 0 1 6.2 2.5a6 6 0 1 0 7.3 7.3Z',
  clock: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 4.8V8l2.2 1.5',
  gear: 'M8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM8 1.5v2M8 12.5v2M1.5 8h2M12.5 8h2M3.4 3.4l1.4 1.4M11.2 11.2l1.4 1.4M3.4 12.6l1.4-1.4M11.2 4.8l1.4-1.4',
  more: 'M2.5 4.5h11M2.5 8h11M2.5 11.5h11',
  dots: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  'chevron-up': 'M4.5 9.5 8 6l3.5 3.5',
  'chevron-down': 'M4.5 6.5 8 10l3.5-3.5',
  'chevron-left': 'M9.5 4.5 6 8l3.5 3.5',
  'chevron-right': 'M6.5 4.5 10 8l-3.5 3.5',
  chevrons: 'M5 6l3-3 3 3M5 10l3 3 3-3',
  close: 'M3.5 3.5l9 9M12.5 3.5l-9 9',
  check: 'M3 8.5l3.3 3.3L13 4.8',
  filter: 'M2.5 4h11M4.5 8h7M6.5 12h3',
  external: 'M6.5 3.5h-3v9h9v-3M9 3h4v4M13 3 7.5 8.5',
  table: 'M2.5 3.5h11v9h-11zM2.5 6.5h11M2.5 9.5h11M6.5 6.5v6',
  chart: 'M2.5 2.5v11h11M5 9.5l2.5-3 2 1.5L13 4',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  'sign-out': 'M9.5 3h-6v10h6M7 8h7M11.5 5.5 14 8l-2.5 2.5',
  bell: 'M4 11V7a4 4 0 0 1 8 0v4l1 1.5H3ZM6.8 14h2.4',
  send: 'M2 8l12-5.5L9.5 14l-2-5.5ZM7.5 8.5 14 2.5',
  play: 'M4.5 2.8v10.4L13 8Z',
  pause: 'M5.5 3v10M10.5 3v10',
  pencil: 'M10.5 3 13 5.5 5.5 13H3v-2.5Z',
  lock: 'M4 7.5h8v6H4zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5',
  refresh: 'M13.2 6A5.5 5.5 0 0 0 3.4 4.6L2 6M2 2.5V6h3.5M2.8 10a5.5 5.5 0 0 0 9.8 1.4L14 10M14 13.5V10h-3.5',
  download: 'M8 2.5v8M4.8 7.5 8 10.7l3.2-3.2M2.5 13.5h11',
  tag: 'M2.5 2.5h5l6 6-5 5-6-6ZM5.3 5.3h.01',
  eye: 'M1.5 8C3 5.2 5.3 3.8 8 3.8S13 5.2 14.5 8c-1.5 2.8-3.8 4.2-6.5 4.2S3 10.8 1.5 8ZM8 9.8a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6Z',
  'eye-off':
    'M2.5 2.5l11 11M6.2 4.1A7 7 0 0 1 8 3.8c2.7 0 5 1.4 6.5 4.2a9 9 0 0 1-1.8 2.3M4.2 5A9 9 0 0 0 1.5 8c1.5 2.8 3.8 4.2 6.5 4.2a7 7 0 0 0 3-.7',
  help: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM6.3 6.4a1.8 1.8 0 1 1 2.6 1.6c-.6.3-.9.7-.9 1.3M8 11.3v.01',
  link: 'M6.8 9.2a2.6 2.6 0 0 0 3.7 0l2.2-2.2A2.6 2.6 0 0 0 9 3.3l-.9.9M9.2 6.8a2.6 2.6 0 0 0-3.7 0L3.3 9A2.6 2.6 0 0 0 7 12.7l.9-.9',
  phone: 'M5 1.8h6v12.4H5zM7.2 11.8h1.6',
} as const;

export type IconName = keyof typeof paths;

export type IconProps = {
  name: IconName;
  /** Edge in px, 16 unless the drawing sits in a button (14). */
  size?: number | undefined;
  /** Spoken name. Leave it out where text says the same. */
  title?: string | undefined;
  className?: string | undefined;
};

/** A 16 px line drawing in the colour of the text around it. */
export function Icon({ name, size = 16, title, className }: IconProps) {
  const names = title === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': title };
  return (
    <svg
      viewBox="0 0 16 16"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      strokeWidth={name === 'dots' ? 2 : 1.5}
      strokeLinecap="round"
      strokeLinejoin="round"
      className={cx('flex-none', className)}
      focusable="false"
      {...names}
    >
      <path d={paths[name]} />
    </svg>
  );
}
