using System.CommandLine;
using Gateway.Cli.Shell;

namespace Gateway.Cli.Offline;

/// <summary>The operations on a store whose gateway is stopped.</summary>
internal static class StoreVerb
{
    public static Command Create(Terminal terminal) => new("store", "Look after the store of a gateway that is stopped.")
    {
        StoreCheckVerb.Create(terminal),
        StoreCompactVerb.Create(terminal),
        StoreRepairVerb.Create(terminal),
        StoreMoveVerb.Create(terminal),
        StoreRenewVerb.Create(terminal),
        StoreListVerb.Create(terminal),
        StoreShowVerb.Create(terminal),
        StoreExportVerb.Create(terminal),
    };
}
