using System.Runtime.CompilerServices;
using Gateway.Dashboard.Access;
using Gateway.Dashboard.Live;
using Gateway.Management;
using Gateway.Store.Browsing;
using Gateway.Store.Messages;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Gateway.Dashboard.Parts;

/// <summary>
/// A page that is redrawn after each reading of the gateway's state. Public because the Razor compiler makes components public.
/// </summary>
public abstract class LivePage : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _closed = new();

    /// <summary>Actions are offered; each one checks the rights again.</summary>
    [CascadingParameter(Name = "MayOperate")]
    public bool MayOperate { get; set; }

    /// <summary>Set by Blazor before it uses the page.</summary>
    [Inject]
    private PageServices? Given { get; set; }

    private protected LiveState Live => Services.Live;

    private protected GuardedManagement Management => Services.Management;

    private protected GuardedDoctor Doctor => Services.Doctor;

    private protected IDialogService Dialogs => Services.Dialogs;

    private protected ISnackbar Snackbar => Services.Snackbar;

    private protected NavigationManager Navigation => Services.Navigation;

    private PageServices Services => Given ?? throw new InvariantException("Blazor injects a page's services before it uses the page");

    private protected GatewayState? State => Live.State;

    private protected DateTimeOffset Now => State?.Now ?? Live.Now;

    /// <summary>Cancelled when the page is left.</summary>
    private protected CancellationToken Closed => _closed.Token;

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (!disposing) return;
        Live.Changed -= DrawAsync;
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        if (Live.State is null) await Live.ReadAsync(Closed);
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender) Live.Changed += DrawAsync;
    }

    /// <summary>Reads the page's further data; called on the circuit after each reading of the state.</summary>
    private protected virtual Task RefreshAsync() => Task.CompletedTask;

    /// <summary>Runs an action and reports its result.</summary>
    /// <param name="act">Returns a sentence.</param>
    private protected async Task ActAsync(Func<Task<string>> act)
    {
        try
        {
            Snackbar.Add(await act(), Severity.Normal);
        }
        catch (NotAllowedException e)
        {
            Snackbar.Add(e.Message, Severity.Error);
        }
    }

    /// <summary>Null if the operator cancelled.</summary>
    private protected async Task<Answer?> AskAsync(string title, DialogParameters<AskDialog> parameters)
    {
        var dialog = await Dialogs.ShowAsync<AskDialog>(title, parameters, new DialogOptions
        { MaxWidth = MaxWidth.Small, FullWidth = true, CloseOnEscapeKey = false, CloseOnNavigation = true });
        return (await dialog.Result)?.Data as Answer;
    }

    /// <summary>Starts an operation; the layout shows its progress and end on every page.</summary>
    private protected async Task<bool> StartAsync(OperationRequest request)
    {
        try
        {
            var (status, fault) = await Management.StartAsync(request, Closed);
            if (status is null) Snackbar.Add(fault, Severity.Error);
            return status is not null;
        }
        catch (NotAllowedException e)
        {
            Snackbar.Add(e.Message, Severity.Error);
            return false;
        }
    }

    /// <summary>Counts the messages that an action would affect, in pieces, while its dialog is open.</summary>
    private protected async IAsyncEnumerable<CountSoFar> CountAsync(
        QueueId? queue, BrowseFilter filter, long head, long tail, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        const int PieceMax = 1000;
        var (found, after, isEnd) = (0L, 0L, false);
        while (!isEnd)
        {
            var page = await Management.BrowseAsync(queue, after, filter, PieceMax, cancellationToken);
            (found, after, isEnd) = (found + page.Entries.Count, page.ScannedUpTo, page.IsEnd);
            yield return new CountSoFar(found, Share(after, head, tail), isEnd);
        }
    }

    /// <summary>The progress of a search, 0 to 1.</summary>
    private protected static double Share(long scannedUpTo, long head, long tail) =>
        tail < head ? 1 : Math.Clamp((double)(scannedUpTo - head + 1) / (tail - head + 1), 0, 1);

    private Task DrawAsync() => InvokeAsync(async () =>
    {
        if (_closed.IsCancellationRequested) return;
        try
        {
            await RefreshAsync();
            StateHasChanged();
        }
        catch (OperationCanceledException) when (_closed.IsCancellationRequested)
        {
            // The page was left during the read.
        }
    });
}
