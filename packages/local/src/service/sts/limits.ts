export const SESSION_SECONDS = { min: 900, default: 3600, max: 43_200 };

export const SESSION_NAME = /^[\w+=,.@-]{2,64}$/;
