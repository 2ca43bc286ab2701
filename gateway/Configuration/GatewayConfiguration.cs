using Microsoft.Extensions.Configuration;

namespace Gateway.Configuration;

/// <summary>Where the configuration of a gateway comes from.</summary>
internal static class GatewayConfiguration
{
    private const string ConfigArgument = "--config=";

    /// <summary>
    /// The configuration of a gateway: appsettings.json beside the program, a further file, the environment, the command line; the later
    /// wins.
    /// </summary>
    public static IConfigurationBuilder AddGatewayConfiguration(this IConfigurationBuilder builder, string[] args)
    {
        builder.SetBasePath(AppContext.BaseDirectory).AddJsonFile("appsettings.json", optional: true);
        foreach (var file in args.Where(arg => arg.StartsWith(ConfigArgument, StringComparison.Ordinal)))
        {
            builder.AddJsonFile(Path.GetFullPath(file[ConfigArgument.Length..]), optional: false);
        }

        return builder.AddEnvironmentVariables()
            .AddCommandLine(args.Where(arg => !arg.StartsWith(ConfigArgument, StringComparison.Ordinal)).ToArray());
    }
}
