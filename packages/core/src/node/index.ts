export { type FolderLock, type FolderLockOptions, isLockFile, lockFolder } from './folder-lock.ts';
export { type FolderUser, folderUser } from './folder-user.ts';
export { makeFolder } from './make-folder.ts';
export { syncFolder, writeFileAtomically } from './write-file-atomically.ts';
