using Gateway.Cli.Shell;
using Gateway.Client;
using Microsoft.Extensions.Configuration;

namespace Gateway.Cli.Messaging;

/// <summary>Where the gateway of this host listens for applications, as far as its configuration says.</summary>
internal static class DefaultAddress
{
    private const string Key = "Gateway:Intake:Address";

    /// <summary>From the environment, or appsettings.json beside the executable, or the client's default.</summary>
    public static string Read()
    {
        try
        {
            var configuration = new ConfigurationBuilder()
                .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true)
                .AddEnvironmentVariables()
                .Build();
            return configuration[Key] ?? new GatewayClientOptions().Address;
        }
        catch (InvalidDataException unreadable)
        {
            throw new CommandLineException(ExitCode.Usage, $"{unreadable.Message} Mend the file, or give --address.");
        }
    }
}
