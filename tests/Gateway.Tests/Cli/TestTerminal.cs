using System.Text;
using Gateway.Cli;
using Gateway.Cli.Shell;

namespace Gateway.Tests.Cli;

/// <summary>Runs a command line in memory.</summary>
internal sealed record TestTerminal
{
    private readonly MemoryStream _output = new();
    private readonly StringWriter _error = new() { NewLine = "\n" };

    public TestTerminal(string? redirectedInput = null) => Terminal = new Terminal
    {
        Input = new MemoryStream(Encoding.UTF8.GetBytes(redirectedInput ?? "")),
        InputIsRedirected = redirectedInput is not null,
        Output = _output,
        Error = _error,
        Time = TimeProvider.System,
    };

    public Terminal Terminal { get; init; }

    /// <summary>A screen.</summary>
    public static TestTerminal OfWidth(int columns)
    {
        var test = new TestTerminal();
        return test with { Terminal = test.Terminal with { Width = columns } };
    }

    public string Output => Encoding.UTF8.GetString(_output.ToArray());

    public string Help => Output;

    public string Error => _error.ToString();

    /// <summary>With a token that is cancelled where a user would press Ctrl-C.</summary>
    public async Task<ExitCode> RunAsync(CancellationToken interrupt, params string[] args) =>
        (ExitCode)await CommandLine.RunAsync(args, Terminal, interrupt);

    public async Task<ExitCode> RunAsync(params string[] args) => (ExitCode)await CommandLine.RunAsync(args, Terminal);
}
