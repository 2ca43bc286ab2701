namespace Gateway.Links;

/// <summary>The certificate that this gateway presents to its peers, as shown in the status.</summary>
/// <param name="Certificate">Its subject, for people.</param>
/// <param name="Fingerprint">SHA-256, in hexadecimal.</param>
/// <param name="Warning">The action that an operator must take soon; empty if there is none.</param>
internal sealed record OwnCertificate(string Certificate, string Fingerprint, DateTimeOffset ExpiresAt, string Warning);
