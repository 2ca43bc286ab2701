using Gateway.Intake;

namespace Gateway.Configuration;

/// <summary>An application that may use this gateway, and its rights. If any is configured, every application needs a token.</summary>
internal sealed class ApplicationOptions
{
    public const int TokenLengthMin = 16;

    /// <summary>The secret that the application sends in its HELLO; long and random.</summary>
    [Secret]
    public string Token { get; set; } = "";

    /// <summary>The SHA-256 of the token in hexadecimal, as an alternative to the token.</summary>
    public string TokenSha256 { get; set; } = "";

    /// <summary>The destinations to which the application may send, as it writes them; <c>*</c> matches any characters.</summary>
    public List<string> Enqueue { get; set; } = [];

    /// <summary>The queues of this gateway from which the application may receive, and at which it may peek.</summary>
    public List<string> Receive { get; set; } = [];

    internal byte[] TokenHash() => Token.Length > 0 ? ApplicationBook.Hash(Token) : Convert.FromHexString(TokenSha256);

    internal ApplicationRights ToRights(string name) => new(name, new NamePatterns(Enqueue), new NamePatterns(Receive));
}
