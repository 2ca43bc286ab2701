namespace Gateway.Links.Pairing;

/// <summary>A gateway that has come with a code.</summary>
/// <param name="Address">Where it says that it listens for peers, as <c>HOST:PORT</c>.</param>
/// <param name="Fingerprint">Of the certificate that it presented: SHA-256, in lower-case hexadecimal digits.</param>
internal sealed record Joiner(string Name, string Address, string Fingerprint);
