using System.Net;
using System.Net.Sockets;

namespace Gateway.Transport.Dialing;

/// <summary>
/// Connects to a host that may have several addresses, following RFC 8305 ("Happy Eyeballs"): the address families alternate, each attempt
/// begins a moment after the one before or at once when that fails, the first success wins, and the others are dropped. Each address has
/// the whole timeout, so a dead one delays the next only briefly.
/// </summary>
/// <param name="resolve">Returns the addresses of a name, in the system's order of preference.</param>
/// <param name="timeout">The time for the name, and for each address.</param>
internal sealed class AddressRace(Func<string, CancellationToken, Task<IPAddress[]>> resolve, TimeSpan timeout, TimeProvider time)
{
    /// <summary>
    /// The most addresses tried in one race. The names are resolved anew each time, so the addresses beyond this get their turn later.
    /// </summary>
    public const int AddressesMax = 16;

    /// <summary>The delay before the next address is begun while the earlier ones have not answered.</summary>
    public static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Windows retries a refused port three times, for two seconds, before it reports the refusal. With a shorter timeout, a peer that is
    /// not running would look like an absent host.
    /// </summary>
    private static readonly TimeSpan _leastOfWindows = TimeSpan.FromSeconds(3);

    private readonly TimeSpan _perAddress = PatienceOf(timeout, OperatingSystem.IsWindows());

    /// <summary>A race that uses the system's resolver.</summary>
    public static AddressRace Of(TimeSpan timeout, TimeProvider time) => new(Dns.GetHostAddressesAsync, timeout, time);

    /// <summary>Likewise for the addresses of one family alone.</summary>
    public static AddressRace Of(AddressFamily family, TimeSpan timeout, TimeProvider time) =>
        new((host, cancellationToken) => Dns.GetHostAddressesAsync(host, family, cancellationToken), timeout, time);

    /// <summary>Resolves the addresses of a name; an address literal resolves to itself.</summary>
    /// <exception cref="SocketException">The name has no address.</exception>
    /// <exception cref="TimeoutException">The resolver did not answer in time.</exception>
    public async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            return await resolve(host, either.Token).WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"no address for {host} within {Figures.Span(timeout)}");
        }
    }

    /// <summary>Connects to one of the addresses.</summary>
    /// <param name="last">The addresses to try after all others.</param>
    /// <exception cref="OperationCanceledException">The attempt was cancelled.</exception>
    public async Task<RaceResult> ConnectAsync(
        IReadOnlyList<IPAddress> addresses, int port, IReadOnlySet<IPAddress> last, CancellationToken cancellationToken)
    {
        var order = Order(addresses, last);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var attempts = new List<Task<Attempt>>();
        Socket? winner = null;
        try
        {
            for (var next = 0; winner is null && (next < order.Count || attempts.Any(attempt => !attempt.IsCompleted));)
            {
                if (next < order.Count) attempts.Add(TryAsync(new IPEndPoint(order[next++], port), over.Token));
                await OneOfAsync(attempts, next < order.Count, over.Token);
                winner = WinnerOf(attempts);
            }

            // The last attempt may have succeeded just after its check.
            winner ??= WinnerOf(attempts);
        }
        finally
        {
            await over.CancelAsync();
            foreach (var attempt in attempts) Drop(attempt, winner);
        }

        cancellationToken.ThrowIfCancellationRequested();
        // In the order of their beginning; attempts dropped for the winner have not failed.
        return new RaceResult(winner, [.. attempts.Where(attempt => attempt is { IsCompletedSuccessfully: true, Result.Failure: not null })
            .Select(attempt => attempt.Result.Failure!)], order.Count < addresses.Count);
    }

    /// <summary>Orders the addresses with alternating families, beginning with that of the first address.</summary>
    internal static IReadOnlyList<IPAddress> Order(IReadOnlyList<IPAddress> addresses, IReadOnlySet<IPAddress> last)
    {
        var first = new Queue<IPAddress>(addresses.Distinct().Where(address => address.AddressFamily == addresses[0].AddressFamily));
        var second = new Queue<IPAddress>(addresses.Distinct().Where(address => address.AddressFamily != addresses[0].AddressFamily));
        var order = new List<IPAddress>();
        while (first.Count + second.Count > 0)
        {
            if (first.TryDequeue(out var one)) order.Add(one);
            if (second.TryDequeue(out var other)) order.Add(other);
        }

        return [.. order.OrderBy(last.Contains).Take(AddressesMax)];
    }

    /// <summary>The timeout of each address, given the configured one.</summary>
    internal static TimeSpan PatienceOf(TimeSpan timeout, bool isWindows) =>
        isWindows && timeout < _leastOfWindows ? _leastOfWindows : timeout;

    /// <summary>Waits until an attempt under way ends, or the next one may begin.</summary>
    private async Task OneOfAsync(List<Task<Attempt>> attempts, bool isNextWaiting, CancellationToken cancellationToken)
    {
        var pending = attempts.Where(attempt => !attempt.IsCompleted).ToList<Task>();
        // Checked after the pending attempts are listed: an attempt that succeeds in between is among them, and one that had succeeded
        // before is seen here.
        if (pending.Count == 0 || WinnerOf(attempts) is not null) return;
        // The latest attempt failed at once: the next one need not wait.
        if (isNextWaiting && attempts[^1].IsCompleted) return;
        if (!isNextWaiting)
        {
            await Task.WhenAny(pending);
            return;
        }

        using var moment = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny([.. pending, Task.Delay(Delay, time, moment.Token)]);
        await moment.CancelAsync();
    }

    private static Socket? WinnerOf(List<Task<Attempt>> attempts) =>
        attempts.Where(attempt => attempt.IsCompletedSuccessfully).Select(attempt => attempt.Result.Socket)
            .FirstOrDefault(socket => socket is not null);

    private async Task<Attempt> TryAsync(IPEndPoint address, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        using var late = new CancellationTokenSource(_perAddress, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        Socket? socket = null;
        try
        {
            socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            var error = await QuietConnect.ConnectAsync(socket, address, either.Token);
            if (error == SocketError.Success) return new Attempt(socket, null);
            socket.Dispose();
            return new Attempt(null, new AddressFailure(address, error, time.GetElapsedTime(began)));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            socket?.Dispose();
            return new Attempt(null, new AddressFailure(address, null, time.GetElapsedTime(began)));
        }
        catch (SocketException e)
        {
            // The system has no socket of this family, or no socket at all.
            socket?.Dispose();
            return new Attempt(null, new AddressFailure(address, e.SocketErrorCode, time.GetElapsedTime(began)));
        }
        catch (OperationCanceledException)
        {
            socket?.Dispose();
            throw;
        }
    }

    /// <summary>Closes connections that are made too late.</summary>
    private static void Drop(Task<Attempt> attempt, Socket? winner) => _ = attempt.ContinueWith(
        ended =>
        {
            if (ended is { IsCompletedSuccessfully: true, Result.Socket: { } late } && late != winner) late.Dispose();
        },
        CancellationToken.None,
        TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);

    private sealed record Attempt(Socket? Socket, AddressFailure? Failure);
}

/// <summary>The result of a race.</summary>
/// <param name="Winner">The connected socket, owned by the caller; null if no address answered.</param>
/// <param name="Failures">The attempts that failed before the end, in the order of their beginning.</param>
/// <param name="HasMore">The name has more addresses than were tried.</param>
internal sealed record RaceResult(Socket? Winner, IReadOnlyList<AddressFailure> Failures, bool HasMore);

/// <summary>Why one address did not answer.</summary>
/// <param name="Error">Null if the address did not answer in time.</param>
internal sealed record AddressFailure(IPEndPoint Address, SocketError? Error, TimeSpan After);
