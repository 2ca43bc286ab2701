using System.CommandLine;
using Gateway.Cli.Shell;
using Gateway.Client;
using Microsoft.Extensions.Options;

namespace Gateway.Cli.Messaging;

/// <summary>The options of every verb that connects to a running gateway, and the client built from them.</summary>
/// <param name="prefix">The prefix of the options' names, for verbs with several connections.</param>
/// <param name="isOther">Connects to another gateway than the configured one, and only if the user names it.</param>
/// <param name="config">The file of configuration that has the address, shared with other connections of the verb.</param>
internal sealed class Connection(ConfigOption config, string prefix = "", bool isOther = false)
{
    /// <summary>Not a command-line option: other users could read it in the process list.</summary>
    private const string TokenVariable = "GATEWAY_TOKEN";

    private readonly Option<string?> _address = new($"--{prefix}gateway")
    {
        Description = isOther
            ? "Where the other gateway listens for applications. Default: it is not asked."
            : "Where the gateway listens for applications. Default: Gateway:Intake:Address of the configuration.",
        HelpName = "[tcp://]HOST:PORT",
    };

    private readonly Option<FileInfo?> _tokenFile = new($"--{prefix}token-file")
    {
        Description = $"A file with the token by which the gateway knows who asks. Default: the environment variable {TokenVariable}, "
            + $"or none.",
        HelpName = "FILE",
    };

    private readonly Option<TimeSpan> _timeout = Duration.TimeoutOption($"--{prefix}timeout", TimeSpan.FromSeconds(5));

    public void AddTo(Command command)
    {
        command.Options.Add(_address);
        config.AddTo(command);
        command.Options.Add(_tokenFile);
        command.Options.Add(_timeout);
    }

    /// <summary>True if the user named a gateway.</summary>
    public bool IsGiven(ParseResult parsed) => parsed.GetValue(_address) is not null;

    /// <summary>Runs a verb's work with a client; communication errors are reported in a sentence.</summary>
    public async Task<ExitCode> UseAsync(ParseResult parsed, TimeProvider time, Func<GatewayClient, Task<ExitCode>> work)
    {
        var options = new GatewayClientOptions
        {
            Address = AddressOf(parsed),
            ApplicationName = "gateway command line",
            Token = parsed.GetValue(_tokenFile) is { } file ? (await FileDoor.ReadTextAsync(file.FullName))
                .Trim() : Environment.GetEnvironmentVariable(TokenVariable) ?? "",
            RequestTimeout = parsed.GetValue(_timeout),
        };

        try
        {
            await using var client = new GatewayClient(options, time: time);
            return await work(client);
        }
        catch (OptionsValidationException wrong)
        {
            throw new CommandLineException(ExitCode.Usage, string.Join(' ', wrong.Failures));
        }
        catch (GatewayException failure)
        {
            throw GatewayFailure.Explain(failure, options.Address, options.RequestTimeout);
        }
    }

    private string AddressOf(ParseResult parsed)
    {
        var address = parsed.GetValue(_address)
            ?? config.Read(parsed, "Intake:Address", _address.Name) ?? GatewayClientOptions.DefaultAddress;
        if (address.StartsWith("http", StringComparison.Ordinal) && address.Contains("://", StringComparison.Ordinal))
        {
            throw new CommandLineException(ExitCode.Usage, $"'{address}' is the address of an HTTP API; applications connect to "
                + $"tcp://HOST:PORT, which is Gateway:Intake:Address.");
        }

        return address.Contains("://", StringComparison.Ordinal) ? address : $"tcp://{address}";
    }
}
