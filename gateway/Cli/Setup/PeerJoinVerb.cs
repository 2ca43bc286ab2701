using System.CommandLine;
using System.Net;
using Gateway.Cli.Api;
using Gateway.Cli.Shell;
using Gateway.Links.Pairing;
using Gateway.Transport.Dialing;
using Gateway.Transport.Tls;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Cli.Setup;

/// <summary>
/// Makes this gateway a peer of the one that made a code, and that one its own: proves the code to it, over a connection that it
/// recognises by the certificate in the code, and writes its side only when the other has proved that it did so.
/// </summary>
internal static class PeerJoinVerb
{
    private const int CodeCharsMax = 4096;

    public static Command Create(Terminal terminal)
    {
        var why = ApiArguments.Why();
        var code = new Argument<string[]>("code")
        {
            Description = "The code that 'gateway peer invite' has printed; without it, it is read from the standard input, which no other "
                + "user of this host can see.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var address = PairingSide.AddressOption("Where the other host reaches this gateway. Default: Links:Address, or, if that is every "
            + "address, the one from which it reaches the other host.");
        return ConfigurationEdit.On(
            new Command("join", "Become a peer of the gateway that made a code with 'gateway peer invite', and make it a peer of this one.")
            { code, address, why },
            terminal, async (call, edit, cancellationToken) =>
        {
            var text = call.Parsed.GetValue(code) is { Length: > 0 } given ? string.Join(' ', given)
                : await ReadCodeAsync(terminal);
            if (PairingCode.Parse(text, out var fault) is not { } invitation)
                throw new CommandLineException(ExitCode.Usage, $"{fault} Nothing was done.");
            var side = new PairingSide(edit);
            side.Check(invitation.Name, invitation.Fingerprint);
            var listens = side.Options.Links.Address;
            var own = call.Parsed.GetRequiredValue(address);
            if (own.Length > 1 || OwnAddresses.Of(listens, own, () => [listens]).Count == 0) throw new CommandLineException(ExitCode.Usage,
                own.Length > 1 ? "Give --address once. Nothing was done."
                : $"The port of {listens} is chosen at each start: give --address HOST:PORT. Nothing was done.");

            var made = side.MakeCertificate(terminal.Time);
            var reached = await CallAsync(terminal, side, invitation, ip => OwnAddresses.Of(listens, own, () => [ip.ToString()])[0],
                cancellationToken);
            // Both gateways are to know each other now: this is not interrupted.
            side.Add(invitation.Name, reached, invitation.Fingerprint);
            var outcome = await edit.PutInForceAsync($"peer join: {invitation.Name}", call.Parsed.GetValue(why)!, CancellationToken.None);
            await edit.TellAsync(outcome, string.Join('\n', made.Append($"Added the peer {invitation.Name} to {edit.Path}, at {reached} "
                + $"with the certificate {invitation.Fingerprint}. {invitation.Name} has added {side.Options.Name}.")));
            if (outcome.Outcome is { AtRestart.Count: > 0 } && made.Count > 0) await call.Output.WriteDoneAsync(
                outcome, _ => $"Restart {side.Options.Name}: its links speak TLS after that, and reach {invitation.Name}.");
            else if (outcome.IsRunning) await NewLink.TellAsync(call, invitation.Name, cancellationToken);
            return ExitCode.Ok;
        });
    }

    /// <returns>The address at which it was reached.</returns>
    private static async Task<string> CallAsync(Terminal terminal, PairingSide side, PairingCode code, Func<IPAddress, string> ownAddress,
        CancellationToken cancellationToken)
    {
        using var certificate = CertificateOf(terminal, side);
        var pins = new Dictionary<string, string> { [code.Name] = code.Fingerprint };
        var call = new JoinCall(code, new LinkTls(certificate, new PeerTrust(pins, terminal.Time)),
            new DialSettings(side.Options.Links.ConnectTimeout, side.Options.Connections.HandshakeTimeout), terminal.Time);
        var own = certificate.Own.Fingerprint;
        var faults = new List<string>();
        foreach (var address in code.Addresses)
        {
            if (!Uri.TryCreate($"tcp://{address}", UriKind.Absolute, out var uri) || uri.Port <= 0) continue;
            var outcome = await call.RunAsync(
                uri.DnsSafeHost, uri.Port, ip => new Joiner(side.Options.Name, ownAddress(ip), own), cancellationToken);
            if (outcome.IsJoined) return address;
            if (outcome.IsUnknown) throw new CommandLineException(ExitCode.Failed, $"{outcome.Fault} Nothing was changed here. Ask for a "
                + "new code, with which both sides are made alike.");
            faults.Add(outcome.Fault);
            if (outcome.IsFinal) break;
        }

        throw new CommandLineException(ExitCode.Failed, string.Join('\n', faults.Append("Nothing was changed here.")));
    }

    private static CertificateWatch CertificateOf(Terminal terminal, PairingSide side)
    {
        try
        {
            return new CertificateWatch(side.Options.Links.Tls.ToFiles() with { CaPath = "" }, ownName: "", terminal.Time,
                NullLogger<CertificateWatch>.Instance);
        }
        catch (TlsFilesException unusable)
        {
            throw new CommandLineException(ExitCode.Failed, $"{unusable.Message}. Run this as the user of the gateway, or as an "
                + "administrator. Nothing was done.");
        }
    }

    /// <summary>One line is enough, and a pasted code may have several.</summary>
    private static async Task<string> ReadCodeAsync(Terminal terminal)
    {
        if (!terminal.InputIsRedirected && terminal.Width is not null)
            await terminal.WriteLineAsync("The code, and then an empty line:", CancellationToken.None);
        using var reader = new StreamReader(terminal.Input, leaveOpen: true);
        var text = "";
        while (text.Length < CodeCharsMax && await reader.ReadLineAsync() is { Length: > 0 } line) text += $"{line}\n";
        return text;
    }
}
