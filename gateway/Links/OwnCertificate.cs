namespace Gateway.Links;

/// <summary>The certificate with which this gateway shows itself to its peers, as the status tells of it.</summary>
/// <param name="Certificate">Its subject, for people.</param>
/// <param name="Fingerprint">SHA-256, in hexadecimal.</param>
/// <param name="Warning">What an operator has to do soon; empty if nothing.</param>
internal sealed record OwnCertificate(string Certificate, string Fingerprint, DateTimeOffset ExpiresAt, string Warning);
