// One sentence about what happened, with what can be done about it. It is announced.
import { useEffect } from 'preact/hooks';
import { notice } from './store.ts';

/** How long news stay; a fault stays until it is closed. */
const newsMilliseconds = 9000;

export function NoticeBar() {
  const { value } = notice;
  const close = () => {
    notice.value = undefined;
  };
  useEffect(() => {
    if (value?.kind !== 'news') return;
    const timer = setTimeout(() => {
      if (notice.value === value) notice.value = undefined;
    }, newsMilliseconds);
    return () => clearTimeout(timer);
  }, [value]);
  return (
    <div class="notice-place" role={value?.kind === 'fault' ? 'alert' : 'status'}>
      {value && (
        <div class={`notice ${value.kind}`}>
          <p>{value.sentence}</p>
          {value.action && (
            <button
              type="button"
              onClick={() => {
                close();
                value.action?.run();
              }}
            >
              {value.action.label}
            </button>
          )}
          <button type="button" class="plain" onClick={close}>
            Close
          </button>
        </div>
      )}
    </div>
  );
}
