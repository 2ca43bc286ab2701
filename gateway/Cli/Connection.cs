using System.CommandLine;
using Gateway.Client;

namespace Gateway.Cli;

/// <summary>The options of every verb that talks to a running gateway, and the client made of them.</summary>
internal sealed class Connection
{
    private readonly Option<string?> _address = new("--address")
    {
        Description = "Where the gateway listens for applications. Default: Gateway:Intake:Address of appsettings.json or the environment.",
        HelpName = "tcp://HOST:PORT",
    };

    private readonly Option<TimeSpan> _timeout = new("--timeout")
    {
        Description = $"How long to wait for the gateway's answer, {Duration.Forms}.",
        HelpName = "TIME",
        CustomParser = Duration.Parse,
        DefaultValueFactory = _ => TimeSpan.FromSeconds(5),
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_address);
        command.Options.Add(_timeout);
    }

    public string AddressOf(ParseResult parsed) => parsed.GetValue(_address) ?? DefaultAddress.Read();

    public GatewayClient Open(ParseResult parsed, TimeProvider time) => new(
        new GatewayClientOptions
        {
            Address = AddressOf(parsed),
            ApplicationName = "gateway command line",
            RequestTimeout = parsed.GetValue(_timeout),
        },
        time: time);
}
