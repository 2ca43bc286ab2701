using System.Runtime.CompilerServices;
using Gateway.Dashboard.Access;
using Gateway.Dashboard.Live;
using Gateway.Management;
using Gateway.Store;
using Gateway.Store.Browsing;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Gateway.Dashboard.Parts;

/// <summary>
/// A page that is drawn anew whenever the gateway was read. Components are public because the Razor compiler makes them so.
/// </summary>
public abstract class LivePage : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _closed = new();

    /// <summary>Whether acts are offered; each act asks again.</summary>
    [CascadingParameter(Name = "MayOperate")]
    public bool MayOperate { get; set; }

    [Inject]
    private protected LiveState Live { get; set; } = null!;

    [Inject]
    private protected GuardedManagement Management { get; set; } = null!;

    [Inject]
    private protected IDialogService Dialogs { get; set; } = null!;

    [Inject]
    private protected ISnackbar Snackbar { get; set; } = null!;

    [Inject]
    private protected NavigationManager Navigation { get; set; } = null!;

    private protected GatewayState? State => Live.State;

    private protected DateTimeOffset Now => State?.Now ?? Live.Now;

    /// <summary>Ends when the page is left.</summary>
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

    /// <summary>Reads what the page shows beyond the state; called when the state was read, on the circuit.</summary>
    private protected virtual Task RefreshAsync() => Task.CompletedTask;

    /// <summary>Does something, and tells how it ended.</summary>
    /// <param name="act">Gives a sentence.</param>
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

    /// <summary>Null when the operator thought better of it.</summary>
    private protected async Task<Answer?> AskAsync(string title, DialogParameters<AskDialog> parameters)
    {
        var dialog = await Dialogs.ShowAsync<AskDialog>(title, parameters, new DialogOptions
        { MaxWidth = MaxWidth.Small, FullWidth = true, CloseOnEscapeKey = false, CloseOnNavigation = true });
        return (await dialog.Result)?.Data as Answer;
    }

    /// <summary>Begins an operation; its progress and its end are shown by the layout, on every page.</summary>
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

    /// <summary>How many messages an act would hit, counted piece by piece for as long as its question is open.</summary>
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

    /// <summary>How far a search has come, 0 to 1.</summary>
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
            // The page was left while it read.
        }
    });
}
