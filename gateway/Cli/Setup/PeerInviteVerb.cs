using System.CommandLine;
using Gateway.Cli.Api;
using Gateway.Cli.Shell;
using Gateway.Client.Wire;
using Gateway.Http.Resources;
using Gateway.Http.Views;
using Gateway.Links.Pairing;

namespace Gateway.Cli.Setup;

/// <summary>
/// Invites another gateway to become a peer: prints a code, waits until it was proved, and adds the gateway that did. The invitation ends
/// with the command.
/// </summary>
internal static class PeerInviteVerb
{
    private const int FaultBytesMax = 900;

    private static readonly TimeSpan _lifetime = TimeSpan.FromMinutes(15);

    public static Command Create(Terminal terminal)
    {
        var why = ApiArguments.Why();
        var address = PairingSide.AddressOption("Where the other host reaches this gateway; may be repeated, the likeliest first. Default: "
            + "Links:Address, or, if that is every address, the host's name and its addresses.");
        var valid = new Option<TimeSpan>("--valid")
        {
            Description = $"How long the code is of use, {Duration.Forms}; at most a day.",
            HelpName = "TIME",
            CustomParser = Duration.Parse,
            DefaultValueFactory = _ => _lifetime,
        };
        var config = new ConfigOption();
        return new Command("invite", "Print a code with which one other gateway becomes a peer, with 'gateway peer join' on its host, and "
            + "wait until it is one. Ctrl-C takes the invitation back.") { address, valid, why }
            .OnApi(terminal, config, async (call, stop) =>
        {
            var addresses = await PrepareAsync(call, config, call.Parsed.GetRequiredValue(address), stop);
            var request = new InvitationRequest
            {
                Seconds = call.Parsed.GetValue(valid).TotalSeconds,
                Addresses = addresses,
                Why = call.Parsed.GetValue(why),
            };
            await foreach (var item in call.Client.InviteAsync(request, stop))
            {
                // The reader may leave while nobody comes.
                call.Terminal.ThrowIfReaderIsGone();
                if (item.EventType == "open") await ShowAsync(call, item.Data, addresses, stop);
                if (item.EventType == "over") throw new CommandLineException(ExitCode.Refused, $"The invitation is over: {item.Data.Why}.");
                if (item.EventType == "joining") return await AddAsync(call, config, item.Data, call.Parsed.GetValue(why)!, stop);
            }

            throw new ApiException(
                null, "The gateway ended the invitation: it stops, or was killed. Its code is worthless; invite again when it is back.");
        });
    }

    /// <summary>Before anybody is invited: whatever the invitation needs is there, and the configuration can be written.</summary>
    private static async Task<IReadOnlyList<string>> PrepareAsync(
        ApiCall call, ConfigOption config, string[] given, CancellationToken cancellationToken)
    {
        using var edit = await ConfigurationEdit.OpenAsync(call, config, cancellationToken);
        var side = new PairingSide(edit);
        if (edit.Nobody is { } nobody) throw new CommandLineException(
            ExitCode.Unreachable, $"No gateway answers at {nobody}, and only one that runs can be joined: start it. Nothing was done.");
        var addresses = OwnAddresses.Of(side.Options.Links.Address, given, OwnAddresses.OfHost);
        if (addresses.Count is 0 or > PairingCode.AddressesMax) throw new CommandLineException(ExitCode.Usage, addresses.Count == 0
            ? $"The port of {side.Options.Links.Address} is chosen at each start: give --address HOST:PORT. Nothing was done."
            : $"Give --address at most {PairingCode.AddressesMax} times. Nothing was done.");
        if (side.MakeCertificate(call.Terminal.Time) is not { Count: > 0 } made) return addresses;
        await edit.ApplyAsync("peer invite: a certificate", "", string.Join('\n', made), cancellationToken);
        throw new CommandLineException(ExitCode.Failed, $"{side.Options.Name} had no certificate, and has one now, with which its links "
            + "speak TLS after a restart. Start it again, and invite then.");
    }

    private static async Task ShowAsync(
        ApiCall call, InvitationView open, IReadOnlyList<string> addresses, CancellationToken cancellationToken)
    {
        if (!call.Output.IsForPeople)
        {
            await call.Output.WriteObjectAsync(open, cancellationToken);
            return;
        }

        string[] lines =
        [
            $"On the other host, before {Figures.Time(open.ExpiresAt)}:", "",
            $"  gateway peer join {open.Code}", "",
            "Whoever has this code first becomes a peer: give it to nobody else. It ends with this command (Ctrl-C).",
            $"It is for {open.Name} at {string.Join(", ", addresses)}, with the certificate {open.Fingerprint}.",
        ];
        foreach (var line in lines) await call.Terminal.WriteLineAsync(line, cancellationToken);
    }

    /// <summary>From here on it is not interrupted: the other gateway waits for its answer.</summary>
    private static async Task<ExitCode> AddAsync(
        ApiCall call, ConfigOption config, InvitationView joining, string why, CancellationToken cancellationToken)
    {
        var (name, address, fingerprint) = (joining.Name!, joining.Address!, joining.Fingerprint!);
        bool isTold;
        try
        {
            using var edit = await ConfigurationEdit.OpenAsync(call, config, CancellationToken.None);
            new PairingSide(edit).Add(name, address, fingerprint);
            var outcome = await edit.PutInForceAsync($"peer invite: {name}", why, CancellationToken.None);
            isTold = await call.Client.AnswerInvitationAsync(joining.Id, "", CancellationToken.None);
            await edit.TellAsync(outcome, $"Added the peer {name} to {edit.Path}, at {address} with the certificate {fingerprint}.");
        }
        catch (CommandLineException refused)
        {
            await call.Client.AnswerInvitationAsync(
                joining.Id, WireText.Cut(refused.Message.TrimEnd('.'), FaultBytesMax), CancellationToken.None);
            throw new CommandLineException(refused.ExitCode, $"{name} at {address} came with the code. {refused.Message}");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            await call.Client.AnswerInvitationAsync(joining.Id, "its configuration could not be written", CancellationToken.None);
            throw;
        }

        if (!isTold) throw new CommandLineException(ExitCode.Failed, $"{name} waited no longer, and may not know this gateway: "
            + $"invite it again, which adds nothing twice; or remove it, with 'gateway peer remove {name}'.");
        await NewLink.TellAsync(call, name, cancellationToken);
        return ExitCode.Ok;
    }
}
