// One sentence about what happened, with what can be done about it. It is announced, and stays until it is closed.
import { notice } from './store.ts';

export function NoticeBar() {
  const { value } = notice;
  const close = () => {
    notice.value = undefined;
  };
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
