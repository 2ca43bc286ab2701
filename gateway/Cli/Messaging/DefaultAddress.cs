using Gateway.Cli.Shell;
using Gateway.Client;
using Microsoft.Extensions.Configuration;

namespace Gateway.Cli.Messaging;

/// <summary>The address on which this host's gateway listens for applications, by its configuration.</summary>
internal static class DefaultAddress
{
    private const string Key = "Gateway:Intake:Address";

    /// <summary>Reads the environment, then appsettings.json beside the executable, then the client's default.</summary>
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
