// Package storetest is the contract of package store as a suite of tests. A
// store is finished when [Run] passes under the race detector; a store that
// says it is durable passes [RunDurable] as well, and blobs pass [RunBlobs].
package storetest
