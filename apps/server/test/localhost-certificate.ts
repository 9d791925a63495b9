/** A certificate for localhost that only tests trust, good for a hundred years, and its key, which is therefore no secret. */
export const localhostCertificate = {
  cert: `-----BEGIN CERTIFICATE-----
MIIBmjCCAUGgAwIBAgIUNvrT1C7/VzFPjgho7fXGyFQk41swCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTEyMTQyOVoYDzIxMjYxMDI4
MTIxNDI5WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQeHEVEZUwFmtrQOrBIdJJTQy7lRQJ70wk7dr06zgfXbs90IXIhRRtn
hnkkn7lCz8jaitqilz6m2Zv6tC4xGdbpo28wbTAdBgNVHQ4EFgQUyp/i6le+gYo7
9eXFaUVyjnRkTnMwHwYDVR0jBBgwFoAUyp/i6le+gYo79eXFaUVyjnRkTnMwGgYD
VR0RBBMwEYIJbG9jYWxob3N0hwR/AAABMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZI
zj0EAwIDRwAwRAIgYUuXzCv5gKlsHeXrnXvbey3SPE6PNTHokn2VLLwvueoCIGTs
CMLHhHijL6aT7uS0ll+UdHlCWXCWiTyn6dGWypQX
-----END CERTIFICATE-----
`,
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg5p883MVR5E3pqpfn
Qsad2C3lWEnZZKLOJdaWPk2voV+hRANCAAQeHEVEZUwFmtrQOrBIdJJTQy7lRQJ7
0wk7dr06zgfXbs90IXIhRRtnhnkkn7lCz8jaitqilz6m2Zv6tC4xGdbp
-----END PRIVATE KEY-----
`,
};
