using Gateway.Client.Wire;

namespace Gateway.Client.Session;

/// <summary>
/// One request and its pending answer. The caller creates it and awaits <see cref="Answer"/>; from then on only the session changes it. The
/// frames are encoded once and reused for each retry.
/// </summary>
internal sealed class Call
{
    private readonly TaskCompletionSource<Reply> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="id">The id that the request carries.</param>
    /// <param name="request">The request.</param>
    /// <param name="deadline">The deadline, in the session's time.</param>
    /// <param name="connection">The only connection on which the request is valid; 0 for any.</param>
    public Call(RequestId id, Request request, TimeSpan deadline, int connection = 0)
    {
        Id = id;
        Request = request;
        Deadline = deadline;
        Connection = connection;
        Frames = RequestCodec.Encode(request);
    }

    public RequestId Id { get; }

    public Request Request { get; }

    public TimeSpan Deadline { get; }

    public int Connection { get; }

    public IReadOnlyList<ReadOnlyMemory<byte>> Frames { get; }

    public Task<Reply> Answer => _answer.Task;

    /// <summary>The position among all calls, which decides the order of retries on a new connection.</summary>
    public long Order { get; set; }

    /// <summary>When the call was handed to the session, in the session's time.</summary>
    public TimeSpan SubmittedAt { get; set; }

    /// <summary>Sent on the present connection and not yet answered.</summary>
    public bool InFlight { get; set; }

    /// <summary>Sent on an earlier connection that ended before the answer, so the outcome is unknown.</summary>
    public bool LostOnce { get; set; }

    /// <summary>The wait after the last transient refusal; zero before the first.</summary>
    public TimeSpan LastWait { get; set; }

    public TimeSpan RetryAt { get; set; }

    /// <summary>The caller has its answer. The table may keep the entry until the gateway answers.</summary>
    public bool IsDone { get; private set; }

    public void Succeed(Reply reply)
    {
        IsDone = true;
        _answer.TrySetResult(reply);
    }

    public void Fail(GatewayException exception)
    {
        IsDone = true;
        _answer.TrySetException(exception);
        // Nobody awaits a RELEASE; reading the exception here keeps it from being reported as unobserved.
        _ = _answer.Task.Exception;
    }

    public void Cancel(CancellationToken cancellationToken)
    {
        IsDone = true;
        _answer.TrySetCanceled(cancellationToken);
    }

    public bool IsAnsweredBy(Reply reply) => (Request, reply) switch
    {
        (Request.Enqueue request, Reply.Accepted accepted) => accepted.MessageIds.Count == request.Items.Count,
        (Request.Complete or Request.Abandon or Request.Reject or Request.Release or Request.Renew, Reply.Settled) => true,
        (Request.Peek, Reply.Peeked) => true,
        (Request.Ready, Reply.Ready) => true,
        (Request.Depth, Reply.Depth) => true,
        _ => false,
    };
}
