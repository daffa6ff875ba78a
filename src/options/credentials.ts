export interface Credentials {
  readonly username: string
  readonly password: string
}

/** The user name ends at the first colon, and control characters are not allowed (RFC 7617 §2). */
export const isUsername = /^[^:\p{Cc}]+$/u
export const isPassword = /^\P{Cc}+$/u
/** What may follow `ApiKey ` or `Bearer ` in a header: visible ASCII. */
export const isToken = /^[!-~]+$/
