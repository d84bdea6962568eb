package processing

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"
)

// ErrHanging is wrapped by the error of a Processor that did not return in time
// and was given up. The file is tried again; it ends as FAILED, with
// [ReasonTimedOut], when all attempts have been used up.
var ErrHanging = errors.New("processing: the processor hangs")

// maxHanging is how many calls of one Processor may hang at a time. Go cannot
// end them, so this is what bounds the memory they hold.
const maxHanging = 8

// Chain runs several Processors, one after the other: a virus scanner before
// ours, say, and a prober of films behind it. Each sees what those before it
// found as Source.Found, and what it finds itself goes over that; what it leaves
// empty stays. The first error ends the chain.
//
//	processing.Chain(processing.Within(10*time.Second, scanner), processing.Headers{})
func Chain(links ...Processor) Processor { return chain(links) }

type chain []Processor

// Process implements [Processor].
func (c chain) Process(ctx context.Context, src Source) (Result, error) {
	for _, link := range c {
		found, err := link.Process(ctx, src)
		if err != nil {
			return Result{}, err
		}
		src.Found = src.Found.with(found)
	}
	return src.Found, nil
}

// with is r, and over it what is not empty of more.
func (r Result) with(more Result) Result {
	if more.ContentType != "" {
		r.ContentType = more.ContentType
	}
	if len(more.MimeGroups) > 0 {
		r.MimeGroups = more.MimeGroups
	}
	if more.Image != nil {
		r.Image = more.Image
	}
	if more.Video != nil {
		r.Video = more.Video
	}
	if more.Audio != nil {
		r.Audio = more.Audio
	}
	if more.Document != nil {
		r.Document = more.Document
	}
	return r
}

// Within is a Processor that waits for another one no longer than the timeout.
// One that has not returned by then goes on in its goroutine, with a ctx that
// has ended and bytes that cannot be read any more, and its result is lost. As
// long as too many calls hang like this, further ones are refused. A panic is a
// [Failure] with [ReasonPanic].
func Within(timeout time.Duration, p Processor) Processor {
	return &within{timeout: timeout, processor: p}
}

type within struct {
	timeout   time.Duration
	processor Processor
	hanging   atomic.Int64
}

type outcome struct {
	result Result
	err    error
}

// Process implements [Processor].
func (w *within) Process(ctx context.Context, src Source) (Result, error) {
	if n := w.hanging.Load(); n >= maxHanging {
		return Result{}, fmt.Errorf("%w: %d calls do, no more are made", ErrHanging, n)
	}
	ctx, cancel := context.WithTimeout(ctx, w.timeout)
	defer cancel()
	done := make(chan outcome, 1)
	go func() { done <- w.call(ctx, src) }()
	select {
	case o := <-done:
		return o.result, o.err
	case <-ctx.Done():
	}
	// Most return as soon as they are told to.
	grace := time.NewTimer(w.timeout / 10)
	defer grace.Stop()
	select {
	case o := <-done:
		return o.result, o.err
	case <-grace.C:
	}
	n := w.hanging.Add(1)
	go func() {
		<-done
		w.hanging.Add(-1)
	}()
	return Result{}, fmt.Errorf("%w: no answer in %v, %d calls hang", ErrHanging, w.timeout, n)
}

func (w *within) call(ctx context.Context, src Source) (o outcome) {
	defer func() {
		if v := recover(); v != nil {
			o.err = NewFailure(ReasonPanic, fmt.Errorf("panic: %v", v))
		}
	}()
	o.result, o.err = w.processor.Process(ctx, src)
	return o
}
