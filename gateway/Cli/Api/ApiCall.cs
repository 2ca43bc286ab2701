using System.CommandLine;
using Gateway.Cli.Shell;

namespace Gateway.Cli.Api;

/// <summary>One run of a verb that uses the HTTP API.</summary>
internal sealed record ApiCall(ParseResult Parsed, ApiClient Client, Output Output, Terminal Terminal)
{
    /// <summary>The time that the user gave for the answer; null for the default.</summary>
    public TimeSpan? GivenTimeout { get; init; }
}
