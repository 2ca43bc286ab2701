using System.Security.Cryptography.X509Certificates;

namespace Gateway.Transport.Tls;

/// <summary>
/// A folder with a CA and the certificates it has signed, each beside a key file that only its owner can read. Nothing is ever overwritten.
/// </summary>
internal sealed class CertificateFolder(string folder)
{
    public const string Authority = "ca";

    public string CertificatePath(string name) => Path.Combine(folder, name + ".crt");

    public string KeyPath(string name) => Path.Combine(folder, name + ".key");

    public bool Has(string name) => File.Exists(CertificatePath(name)) || File.Exists(KeyPath(name));

    /// <exception cref="TlsFilesException">The certificate or its key cannot be read.</exception>
    public X509Certificate2 Read(string name) => new TlsFiles(CertificatePath(name), KeyPath(name), "", "").Read().Own;

    /// <exception cref="IOException">The files cannot be written, or exist already.</exception>
    public void Write(string name, X509Certificate2 certificate)
    {
        OwnersOnly.CreateFolder(folder);
        using var key = certificate.GetECDsaPrivateKey();
        Invariant.Require(key is not null, "a certificate that was just made has its key");
        SecretFile.Create(KeyPath(name), key.ExportPkcs8PrivateKeyPem());
        using var writer = new StreamWriter(FileDoor.CreateToWrite(CertificatePath(name)));
        writer.WriteLine(certificate.ExportCertificatePem());
    }
}
