using System.CommandLine;
using Gateway.Cli.Shell;

namespace Gateway.Cli.Keys;

/// <summary>Tokens for the HTTP API.</summary>
internal static class TokenVerb
{
    public static Command Create(Terminal terminal) => new("token", "Make tokens for the HTTP API.")
    {
        TokenNewVerb.Create(terminal),
    };
}
