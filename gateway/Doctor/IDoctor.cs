namespace Gateway.Doctor;

/// <summary>The doctor of the running gateway. Any thread.</summary>
internal interface IDoctor
{
    /// <summary>
    /// Examines the gateway, its host and, if a peer is given, the way to it. Changes nothing; takes seconds, and some bytes on the way.
    /// One examination at a time.
    /// </summary>
    /// <param name="peer">A configured peer; null for this host and all links alone.</param>
    /// <exception cref="TimeoutException">It took more than a minute.</exception>
    /// <exception cref="DoctorBusyException">Another examination is under way.</exception>
    Task<Diagnosis> ExamineAsync(string? peer, WayWishes wishes, CancellationToken cancellationToken);
}
