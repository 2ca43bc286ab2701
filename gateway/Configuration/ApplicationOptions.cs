using Gateway.Intake;

namespace Gateway.Configuration;

/// <summary>An application that may use this gateway, and for what. When there is one, none is served without a token.</summary>
internal sealed class ApplicationOptions
{
    public const int TokenLengthMin = 16;

    /// <summary>The secret that it says in its HELLO; long and random.</summary>
    public string Token { get; set; } = "";

    /// <summary>Or the SHA-256 of it, in hexadecimal.</summary>
    public string TokenSha256 { get; set; } = "";

    /// <summary>Destinations to which it may send, as it writes them; a star stands for any characters.</summary>
    public List<string> Enqueue { get; set; } = [];

    /// <summary>Queues of this gateway from which it may receive, and into which it may look.</summary>
    public List<string> Receive { get; set; } = [];

    internal byte[] TokenHash() => Token.Length > 0 ? ApplicationBook.Hash(Token) : Convert.FromHexString(TokenSha256);

    internal ApplicationRights ToRights(string name) => new(name, new NamePatterns(Enqueue), new NamePatterns(Receive));
}
