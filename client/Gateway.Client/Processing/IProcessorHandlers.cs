namespace Gateway.Client.Processing;

/// <summary>The application's side of a processor.</summary>
internal interface IProcessorHandlers
{
    /// <summary>Handles a message; throws what the application throws. Called by many at once.</summary>
    Task HandleAsync(ProcessMessageEventArgs args);

    /// <summary>Tells the application of an error; throws what the application throws. Called by many at once.</summary>
    Task OnErrorAsync(ProcessErrorEventArgs args);
}
