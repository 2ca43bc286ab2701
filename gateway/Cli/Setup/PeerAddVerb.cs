using System.CommandLine;
using Gateway.Cli.Api;
using Gateway.Cli.Shell;
using Gateway.Configuration;

namespace Gateway.Cli.Setup;

/// <summary>Adds a peer to the configuration, and to the running gateway.</summary>
internal static class PeerAddVerb
{
    private const string Scheme = "tcp://";

    public static Command Create(Terminal terminal)
    {
        var (peer, why) = (ApiArguments.Peer(), ApiArguments.Why());
        peer.Description = "The other gateway's name, as in its configuration.";
        var address = new Option<string>("--address")
        { Description = "Where the other gateway listens for peers.", HelpName = "[tcp://]HOST:PORT", Required = true };
        var fingerprint = new Option<string>("--fingerprint")
        {
            Description = "The SHA-256 of the only certificate accepted from it; without, any of its name from a trusted CA.",
            HelpName = "HEX",
            DefaultValueFactory = _ => "",
        };
        return ConfigurationEdit.On(
            new Command("add", "Add a peer to the configuration; a running gateway dials it at once.") { peer, address, fingerprint, why },
            terminal, async (call, edit, cancellationToken) =>
        {
            var name = call.Parsed.GetRequiredValue(peer);
            if (edit.SourcesOf(ConfigurationKeys.OfPeer(name)) is [var source, ..]) throw new CommandLineException(ExitCode.Usage,
                $"{name} is a peer already; {source} has it. Change it there, or remove it first. Nothing was done.");
            var given = call.Parsed.GetRequiredValue(address);
            edit.Settings.SetPeer(
                name, given.Contains("://", StringComparison.Ordinal) ? given : $"{Scheme}{given}", call.Parsed.GetValue(fingerprint)!);
            await edit.ApplyAsync($"peer add {name}", call.Parsed.GetValue(why)!, $"Added the peer {name} to {edit.Path}.",
                cancellationToken);
            return ExitCode.Ok;
        });
    }
}
