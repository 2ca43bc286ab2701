using System.CommandLine;
using Gateway.Cli.Shell;

namespace Gateway.Cli.Setup;

/// <summary>The five questions as options. What is left open is asked at a terminal.</summary>
internal sealed class InitOptions
{
    private const string Scheme = "tcp://";
    private const string ListenDefault = "tcp://*:7421";

    private static readonly string _ofService = OperatingSystem.IsWindows()
        ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData), "Gateway") : "/etc/gateway";

    private readonly Option<string?> _name = new("--name")
    { Description = "The gateway's name, unique among all of them.", HelpName = "NAME" };

    private readonly Option<string?> _listen = new("--listen")
    { Description = $"Where it listens for other gateways, such as {ListenDefault}.", HelpName = "[tcp://]ADDRESS:PORT" };

    private readonly Option<string[]> _peers = new("--peer")
    { Description = "Another gateway and where it listens; may be repeated.", HelpName = "NAME=HOST:PORT" };

    private readonly Option<bool> _noPeers = new("--no-peers") { Description = "There is no other gateway yet." };

    private readonly Option<Answer?> _tls =
        ChoiceOption.Create<Answer>("--tls", "Encrypt the links, with certificates that are made here");

    private readonly Option<Answer?> _service =
        ChoiceOption.Create<Answer>("--service", "The gateway runs as a service of this host");

    private readonly Option<DirectoryInfo?> _folder = new("--folder")
    { Description = $"Where the files go. Default: {_ofService} for a service, else the working directory.", HelpName = "DIR" };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _name, _listen, _peers, _noPeers, _tls, _service, _folder }) command.Options.Add(option);
    }

    public string FolderOf(ParseResult parsed, bool isService) =>
        parsed.GetValue(_folder)?.FullName ?? (isService ? _ofService : Directory.GetCurrentDirectory());

    /// <exception cref="CommandLineException">An answer is wrong, or missing without a terminal.</exception>
    public async Task<FirstAnswers> AnswerAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellationToken)
    {
        var (name, listen) = (parsed.GetValue(_name), parsed.GetValue(_listen));
        var (tls, service) = (IsYes(parsed.GetValue(_tls)), IsYes(parsed.GetValue(_service)));
        var peers = parsed.GetValue(_noPeers) ? "" : parsed.GetValue(_peers) is { Length: > 0 } given ? string.Join(' ', given) : null;
        string?[] open =
        [
            name is null ? _name.Name : null, listen is null ? _listen.Name : null,
            peers is null ? $"{_peers.Name} or {_noPeers.Name}" : null,
            tls is null ? _tls.Name : null, service is null ? _service.Name : null,
        ];
        if (open.OfType<string>().ToList() is { Count: > 0 } missing)
        {
            if (terminal.InputIsRedirected || terminal.Width is null) throw new CommandLineException(ExitCode.Usage,
                $"There is no terminal on which to ask: give {string.Join(", ", missing)}. Nothing was done.");
            var ask = new FirstQuestions(terminal);
            name ??= await ask.TextAsync("The name of this gateway:", Suggested(), FaultOfName, cancellationToken);
            listen ??= await ask.TextAsync("Where it listens for other gateways:", ListenDefault, _ => null, cancellationToken);
            peers ??= await ask.TextAsync("The other gateways, as NAME=HOST:PORT with a space between (empty for none):", "",
                FaultOfPeers, cancellationToken);
            tls ??= await ask.YesNoAsync("Encrypt the links with TLS?", standard: true, cancellationToken);
            service ??= await ask.YesNoAsync("Run it as a service of this host?", standard: true, cancellationToken);
        }

        if ((FaultOfName(name!) ?? FaultOfPeers(peers!)) is { } fault)
            throw new CommandLineException(ExitCode.Usage, $"{fault} Nothing was done.");
        return new FirstAnswers(name!, WithScheme(listen!), Split(peers!).ToDictionary(peer => peer.Name, peer => WithScheme(peer.Address)),
            tls!.Value, service!.Value);
    }

    private static bool? IsYes(Answer? answer) => answer is null ? null : answer == Answer.Yes;

    /// <summary>The host's name, as far as it can be a gateway's.</summary>
    private static string Suggested() =>
        Environment.MachineName.Split('.')[0].ToLowerInvariant() is var host && Names.IsValid(host) ? host : "local";

    private static string? FaultOfName(string name) => Names.IsValid(name) ? null
        : $"'{name}' is no name of a gateway: it has 1 to {Names.LengthMax} of a-z A-Z 0-9 . _ - and starts with a letter or digit.";

    private static string? FaultOfPeers(string peers)
    {
        var split = Split(peers).ToList();
        return split.Select(peer => FaultOfName(peer.Name) ?? (peer.Address.Length == 0 ? $"'{peer.Name}' has no address: write "
            + $"{peer.Name}=HOST:PORT." : null)).FirstOrDefault(fault => fault is not null)
            ?? split.GroupBy(peer => peer.Name).Where(same => same.Count() > 1)
                .Select(same => $"{same.Key} is named twice.").FirstOrDefault();
    }

    private static IEnumerable<(string Name, string Address)> Split(string peers) => peers
        .Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(peer => peer.Split('=', 2)).Select(parts => (parts[0], parts.Length > 1 ? parts[1] : ""));

    private static string WithScheme(string address) => address.Contains("://", StringComparison.Ordinal) ? address : $"{Scheme}{address}";

    /// <summary>An answer to a question.</summary>
    private enum Answer
    {
        Yes,
        No,
    }
}
