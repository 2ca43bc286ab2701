using Gateway.Dashboard.Access;
using Gateway.Dashboard.Live;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Gateway.Dashboard.Parts;

/// <summary>The services of a page, scoped to its circuit.</summary>
internal sealed record PageServices(
    LiveState Live, GuardedManagement Management, GuardedDoctor Doctor, IDialogService Dialogs, ISnackbar Snackbar,
    NavigationManager Navigation);
