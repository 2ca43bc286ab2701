using Microsoft.Extensions.Configuration;

namespace Gateway.Configuration;

/// <summary>Adds the sources of a gateway's configuration.</summary>
internal static class GatewayConfiguration
{
    private const string ConfigArgument = "--config=";

    /// <summary>
    /// Adds appsettings.json beside the program, an additional file, the environment and the command line; later sources win.
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
