using Gateway.Http.Views;

namespace Gateway.Cli.Api;

/// <summary>What a name stands for: an inlet, an outlet, or one of each.</summary>
internal sealed record ShownTcp(InletDetailsView? Inlet, OutletDetailsView? Outlet);
