using System.Security.Cryptography;
using System.Text;

namespace Gateway.Intake;

/// <summary>
/// The configured applications, identified by their tokens, of which only the SHA-256 is kept. If none is configured, every application has
/// all rights.
/// </summary>
internal sealed class ApplicationBook(IReadOnlyList<(byte[] TokenHash, ApplicationRights Rights)> applications)
{
    public static ApplicationBook Open { get; } = new([]);

    /// <summary>Returns null if no application has this token. The time taken does not reveal how close a guess is.</summary>
    /// <param name="token">Empty for none.</param>
    public ApplicationRights? Find(string token) => Find(Hash(token));

    /// <inheritdoc cref="Find(string)"/>
    /// <param name="hash">The token's <see cref="Hash"/>.</param>
    public ApplicationRights? Find(byte[] hash)
    {
        if (applications.Count == 0) return ApplicationRights.All;
        ApplicationRights? found = null;
        foreach (var (known, rights) in applications)
        {
            if (CryptographicOperations.FixedTimeEquals(known, hash)) found = rights;
        }

        return found;
    }

    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
