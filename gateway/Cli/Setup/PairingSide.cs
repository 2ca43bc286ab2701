using System.CommandLine;
using Gateway.Cli.Shell;
using Gateway.Configuration;
using Gateway.Transport.Tls;

namespace Gateway.Cli.Setup;

/// <summary>This gateway as one of the two that a pairing makes peers of each other: its configuration, before and after.</summary>
internal sealed class PairingSide
{
    private const string Scheme = "tcp://";

    private readonly ConfigurationEdit _edit;

    /// <exception cref="CommandLineException">The configuration has a fault, or no peer could ever connect.</exception>
    public PairingSide(ConfigurationEdit edit)
    {
        _edit = edit;
        (Options, var faults) = GatewayOptionsReader.Examine(edit.Configuration);
        if (faults.Count > 0) throw Refused($"{string.Join('\n', faults)}\nThe configuration is wrong: correct it first.");
        if (Options.Links.Address.Length == 0) throw Refused(
            $"{Options.Name} listens for no peers: Gateway:Links:Address is empty. Give it an address, such as tcp://*:7421.");
    }

    public GatewayOptions Options { get; }

    /// <summary>The option of both verbs; without it the configuration says where the gateway is reached.</summary>
    public static Option<string[]> AddressOption(string description)
    {
        var option = new Option<string[]>("--address")
        { Description = description, HelpName = "HOST[:PORT]", DefaultValueFactory = _ => [] };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string[]>()?.FirstOrDefault(address => !OwnAddresses.IsAddress(address)) is { } wrong)
                result.AddError($"'{wrong}' is no address: give HOST or HOST:PORT, without a scheme.");
        });
        return option;
    }

    /// <summary>
    /// Makes a certificate for a gateway without one, and sets it. One made before by a pairing that did not come to its end is used.
    /// </summary>
    /// <returns>The lines on what was done; none if it has one.</returns>
    /// <exception cref="CommandLineException">It has peers with which it speaks plain text.</exception>
    public IReadOnlyList<string> MakeCertificate(TimeProvider time)
    {
        if (Options.Links.Tls.IsOn) return [];
        if (Options.Peers.Count > 0) throw Refused(
            $"The links of {Options.Name} are in plain text, and a pairing needs TLS, with which its peers "
            + $"({string.Join(", ", Options.Peers.Keys.Order(StringComparer.Ordinal).Take(3))}{(Options.Peers.Count > 3 ? ", …" : "")}) "
            + "would not be reached. Give all of them certificates first (Gateway:Links:Tls).");
        var made = PairingCertificate.Make(_edit.MainFile, Options, time);
        _edit.Settings.SetCertificate(made.CertificatePath, made.KeyPath);
        Options.Links.Tls.CertificatePath = made.CertificatePath;
        Options.Links.Tls.KeyPath = made.KeyPath;
        return
        [
            made.IsNew ? $"Made {made.CertificatePath} and {made.KeyPath}." : $"Uses {made.CertificatePath}, which was here.",
            // Made with rights of their own, for the user of this command.
            .. OperatingSystem.IsWindows()
                ? [$"Let the service's account read them: icacls \"{Path.GetDirectoryName(made.KeyPath)}\" /reset /T"]
                : Array.Empty<string>(),
        ];
    }

    /// <summary>Whether the other gateway could become a peer; nothing is changed.</summary>
    /// <exception cref="CommandLineException">It could not.</exception>
    public void Check(string name, string fingerprint)
    {
        if (name == Options.Name)
            throw Refused($"Both gateways are called {name}: give one of them another name (Gateway:Name).");
        if (Options.Peers.TryGetValue(name, out var known))
        {
            if (CertificateText.Normalise(known.Fingerprint) == fingerprint) return;
            throw Refused($"{name} is a peer of {Options.Name} already, and {(known.Fingerprint.Length > 0 ? "with another certificate"
                : "any certificate of its name is accepted from it")}. If it is the same gateway, remove it first, with "
                + $"'gateway peer remove {name} --keep', which keeps what waits for it.");
        }

        if (Options.Peers.FirstOrDefault(peer => CertificateText.Normalise(peer.Value.Fingerprint) == fingerprint).Key is { } other)
            throw Refused($"The certificate of {name} is the one of the peer {other}. If {other} was renamed, remove it first, with "
                + $"'gateway peer remove {other} --keep'.");
    }

    /// <summary>Makes the other gateway a peer, or the same peer again: a pairing that did not come to its end is repeated.</summary>
    /// <param name="address">As <c>HOST:PORT</c>.</param>
    /// <exception cref="CommandLineException">It cannot be one.</exception>
    public void Add(string name, string address, string fingerprint)
    {
        Check(name, fingerprint);
        // Where another file has it, that file's address stays.
        if (_edit.SourcesOf(ConfigurationKeys.OfPeer(name)).All(source => source == _edit.Path))
            _edit.Settings.SetPeer(name, $"{Scheme}{address}", fingerprint);
    }

    private static CommandLineException Refused(string fault) => new(ExitCode.Usage, $"{fault} Nothing was done.");
}
