using System.CommandLine;
using Gateway.Cli.Shell;

namespace Gateway.Cli.Configure;

/// <summary>The configuration of a gateway, whether it runs or not.</summary>
internal static class ConfigVerb
{
    public static Command Create(Terminal terminal) => new("config", "Check the configuration of a gateway, and show where it comes from.")
    {
        ConfigCheckVerb.Create(terminal),
        ConfigShowVerb.Create(terminal),
        ConfigDiffVerb.Create(terminal),
    };
}
