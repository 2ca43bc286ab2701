namespace Gateway.Tcp;

/// <summary>The certificate that an inlet shows to its programs; it asks for none of theirs. Immutable.</summary>
/// <param name="CertificatePath">PEM or PFX.</param>
/// <param name="KeyPath">PEM; empty when the key is in the certificate's file.</param>
/// <param name="KeyPassword">Of an encrypted key or of the PFX.</param>
internal sealed record InletTls(string CertificatePath, string KeyPath, string KeyPassword);
